import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { formatReport } from '../format/report.js';
import { findUser } from '../session/find-user.js';
import { exitCodeOf } from '../session/outcome.js';
import { placeCall } from '../session/place-call.js';
import { STEP_TIMEOUT_MS } from '../settings.js';
import type { Context } from './context.js';
import { peerFactory } from './make-peer.js';
import { online } from './online.js';
import { readOffer } from './read-offer.js';
import { showTimeline } from './show-timeline.js';

export interface CallOptions {
  audio?: true;
  offer?: string;
  ice?: number;
  hold: number;
  rtc?: true;
}

// A server ends what rings too long by itself, after 3 minutes at most: this is for one that does not.
const RING_TIMEOUT_MS = 185_000;

/** Places one call with a live timeline. */
export async function call(context: Context, nameOrId: string, options: CallOptions): Promise<number> {
  const { settings, output, signal } = context;
  const offerSdp = options.offer === undefined ? undefined : await readOffer(options.offer);
  const observe = showTimeline(output);
  const report = await online(context, { presence: 'none', observe }, async (client, { user, token }) => {
    const makePeer = await peerFactory({ rtc: options.rtc === true, client, username: user.username, observe });
    const to = await findUser({ url: settings.url, token, timeoutMs: settings.timeout ?? STEP_TIMEOUT_MS }, nameOrId);
    if (to.id === user.id) throw new Failure('usage', 'you cannot call yourself');
    const callType = options.audio ? 'audio' : 'video';
    return placeCall({
      client,
      to,
      callType,
      media: makePeer({ callType, offerSdp, candidates: options.ice }),
      ringTimeoutMs: settings.timeout ?? RING_TIMEOUT_MS,
      mediaTimeoutMs: settings.timeout ?? STEP_TIMEOUT_MS,
      holdMs: options.hold,
      signal,
    });
  });
  const exitCode = exitCodeOf(report.outcome);
  const ok = exitCode === EXIT.ok;
  output.show({ type: 'result', ok, exitCode, ...report }, formatReport(report), ok ? 'green' : 'red');
  return exitCode;
}
