import type { SignalingCall, SignalingClient } from 'signal-core/client';
import { EXIT } from '../exit-codes.js';
import { plural } from '../format/count.js';
import { formatReport } from '../format/report.js';
import { type AnswerMode, answerCall } from '../session/answer-call.js';
import type { CallReport } from '../session/call-report.js';
import { deferred } from '../session/deferred.js';
import { STEP_TIMEOUT_MS } from '../settings.js';
import type { Context } from './context.js';
import { type PeerFactory, peerFactory } from './make-peer.js';
import { online } from './online.js';
import { showTimeline } from './show-timeline.js';
import { untilInterrupted, untilLost } from './until-stopped.js';

export interface AnswerCommandOptions {
  reject?: true;
  busy?: true;
  ignore?: true;
  delay: number;
  /** Stop after that many calls; never when absent. */
  count?: number;
  rtc?: true;
}

/** A robot callee: does the same with every call, and says READY once it can be called. */
export async function answer(context: Context, options: AnswerCommandOptions): Promise<number> {
  const { settings, output, signal } = context;
  const observe = showTimeline(output);
  const reports = await online(context, { presence: 'none', observe }, async (client) => {
    const { user } = client;
    const makePeer = await peerFactory({ rtc: options.rtc === true, client, username: user.username, observe });
    const calls = takeCalls({ context, options, client, makePeer });
    output.show({ type: 'ready', user, url: settings.url.href }, `READY ${user.username} ${user.id}`, 'bold');
    return calls;
  });
  const failed = reports.filter(({ outcome }) => outcome === 'failed').length;
  const exitCode = signal.aborted ? EXIT.interrupted : failed > 0 ? EXIT.failed : EXIT.ok;
  const ok = exitCode === EXIT.ok;
  const result = { type: 'result', ok, exitCode, calls: reports.length, failed };
  output.show(result, `${plural(reports.length, 'call')}, ${failed} failed`, failed > 0 ? 'red' : 'green');
  return exitCode;
}

interface Robot {
  context: Context;
  options: AnswerCommandOptions;
  client: SignalingClient;
  makePeer: PeerFactory;
}

/** Resolves, with a report of each, after `--count` calls or at Ctrl-C. */
async function takeCalls({ context, options, client, makePeer }: Robot): Promise<CallReport[]> {
  const { output, signal, settings } = context;
  const { count = Number.POSITIVE_INFINITY } = options;
  const reports: CallReport[] = [];
  const taken: Promise<void>[] = [];
  const enough = deferred<void>();
  async function take(call: SignalingCall): Promise<void> {
    const report = await answerCall(call, {
      mode: modeOf(options),
      delayMs: options.delay,
      mediaTimeoutMs: settings.timeout ?? STEP_TIMEOUT_MS,
      media: makePeer({ callType: call.callType }),
      signal,
    });
    reports.push(report);
    output.show({ type: 'call', ...report }, formatReport(report), report.outcome === 'failed' ? 'red' : 'green');
    if (reports.length >= count) enough.resolve();
  }
  const onCall = (call: SignalingCall) => {
    if (taken.length < count) taken.push(take(call).catch(enough.reject));
  };
  // those that ring already, too
  for (const call of client.calls.values()) onCall(call);
  client.on('incomingCall', onCall);
  await Promise.race([enough.promise, untilInterrupted(signal), untilLost(context, client)]);
  // At Ctrl-C each call hangs up by itself: the connection stays until they have.
  await Promise.allSettled(taken);
  return reports;
}

function modeOf(options: AnswerCommandOptions): AnswerMode {
  if (options.reject) return 'reject';
  if (options.busy) return 'busy';
  return options.ignore ? 'ignore' : 'accept';
}
