import { setTimeout as delay } from 'node:timers/promises';
import type { UserRef } from 'signal-core/protocol';
import { v4 as uuidv4 } from 'uuid';
import { CallLeg } from './call-leg.js';
import type { CallReport } from './call-report.js';
import type { Connection } from './connection.js';
import { inTime } from './in-time.js';
import type { MediaPeer } from './media-peer.js';
import { endingOf, mustBeTold, verdictOf } from './outcome.js';

export interface CallRequest {
  to: UserRef;
  callType: 'video' | 'audio';
  /** How long to ring before cancelling, in milliseconds. */
  ringTimeoutMs: number;
  /** How long the media may take, once accepted, to be proven, in milliseconds. */
  mediaTimeoutMs: number;
  /** How long to stay in the call after that, in milliseconds. */
  holdMs: number;
  /** Hangs up when aborted. */
  signal: AbortSignal;
}

/** One outgoing call, from `call_user` to its end. What goes wrong is in the report, not thrown. */
export async function placeCall(connection: Connection, peer: MediaPeer, request: CallRequest): Promise<CallReport> {
  const { to, callType, signal } = request;
  // A client-made id makes a repeat harmless; legacy servers make their own.
  const call = connection.acknowledges ? { callId: uuidv4() } : {};
  const leg = new CallLeg({ connection, peer, to: to.id, signal, ...call });
  const over = new AbortController();
  let placedAt = 0;
  let acceptedAt: number | undefined;

  async function ring(): Promise<void> {
    const offer = await peer.offer();
    placedAt = performance.now();
    await connection.request('call_user', { to: to.id, from: connection.self, callType, offer, ...call });
    leg.sendCandidates();
    await delay(request.ringTimeoutMs, undefined, over);
    if (acceptedAt === undefined) leg.end({ kind: 'ring_timeout' });
  }

  async function talk(): Promise<void> {
    const answer = await leg.accepted;
    acceptedAt = performance.now();
    await peer.acceptAnswer(answer);
    await inTime(peer.proven, request.mediaTimeoutMs, 'the media of the call');
    await delay(request.holdMs, undefined, over);
    leg.end({ kind: 'hung_up' });
  }

  try {
    for (const part of [ring(), talk()]) part.catch((error: unknown) => leg.end(endingOf(error)));
    const ending = await leg.ended;
    const endedAt = performance.now();
    if (mustBeTold(ending)) await leg.hangUp();
    return {
      callId: leg.callId ?? null,
      role: 'caller',
      peer: to,
      ...verdictOf(ending, leg.proven),
      setupMs: acceptedAt === undefined ? null : acceptedAt - placedAt,
      durationMs: acceptedAt === undefined ? null : endedAt - acceptedAt,
      media: peer.report(),
    };
  } finally {
    over.abort();
    leg.close();
  }
}
