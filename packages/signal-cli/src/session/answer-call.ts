import { setTimeout as delay } from 'node:timers/promises';
import type { ServerPayloads } from 'signal-core/protocol';
import { CallLeg } from './call-leg.js';
import type { CallReport } from './call-report.js';
import type { Connection } from './connection.js';
import { inTime } from './in-time.js';
import type { MediaPeer } from './media-peer.js';
import { endingOf, mustBeTold, verdictOf } from './outcome.js';

/** What the robot does with a call. */
export type AnswerMode = 'accept' | 'reject' | 'busy' | 'ignore';

export interface AnswerOptions {
  mode: AnswerMode;
  /** How long to ring before doing it, in milliseconds. */
  delayMs: number;
  /** How long the media may take, once accepted, to be proven, in milliseconds. */
  mediaTimeoutMs: number;
  peer: MediaPeer;
  /** Hangs up when aborted. */
  signal: AbortSignal;
}

/** One incoming call, from `incoming_call` to its end. What goes wrong is in the report, not thrown. */
export async function answerCall(
  connection: Connection,
  incoming: ServerPayloads['incoming_call'],
  options: AnswerOptions,
): Promise<CallReport> {
  const { callId, from } = incoming;
  const { mode, peer, signal } = options;
  const leg = new CallLeg({ connection, peer, to: from.id, callId, signal });
  const over = new AbortController();
  let acceptedAt: number | undefined;

  async function respond(): Promise<void> {
    await delay(options.delayMs, undefined, over);
    if (mode === 'accept') return accept();
    if (mode === 'ignore') return;
    await connection.request('reject_call', { callId, reason: mode === 'busy' ? 'busy' : 'declined' });
    leg.end({ kind: 'rejected_here' });
  }

  async function accept(): Promise<void> {
    const answer = await peer.answer(incoming.offer);
    acceptedAt = performance.now();
    const accepted = connection.request('accept_call', { callId, answer });
    leg.sendCandidates();
    await accepted;
    await inTime(peer.proven, options.mediaTimeoutMs, 'the media of the call');
  }

  try {
    respond().catch((error: unknown) => leg.end(endingOf(error)));
    const ending = await leg.ended;
    const endedAt = performance.now();
    if (mustBeTold(ending)) await leg.hangUp();
    return {
      callId,
      role: 'callee',
      peer: from,
      ...verdictOf(ending, leg.proven),
      setupMs: null,
      durationMs: acceptedAt === undefined ? null : endedAt - acceptedAt,
      media: acceptedAt === undefined ? null : peer.report(),
    };
  } finally {
    over.abort();
    leg.close();
  }
}
