import { setTimeout as delay } from 'node:timers/promises';
import type { SignalingCall } from 'signal-core/client';
import type { UserRef } from 'signal-core/protocol';
import type { CallReport } from './call-report.js';
import { inTime } from './in-time.js';
import type { Dial, MediaPeer } from './media-peer.js';
import { playCall } from './play-call.js';

export interface CallRequest extends Omit<Dial, 'to'> {
  to: UserRef;
  media: MediaPeer;
  /** How long to ring before cancelling, in milliseconds. */
  ringTimeoutMs: number;
  /** How long the media may take, once accepted, to be proven, in milliseconds. */
  mediaTimeoutMs: number;
  /** How long to stay in the call after that, in milliseconds. */
  holdMs: number;
  /** Hangs up when aborted. */
  signal: AbortSignal;
  /** Gets the call once the server has taken it. */
  onPlaced?: (call: SignalingCall) => void;
}

/** One outgoing call, from `call_user` to its end. */
export function placeCall({ client, callType, media, signal, ...request }: CallRequest): Promise<CallReport> {
  return playCall({ media, peer: request.to, signal }, async (stage) => {
    const call = await media.call({ client, to: request.to.id, callType });
    stage.follow(call);
    request.onPlaced?.(call);
    const ringsTooLong = delay(request.ringTimeoutMs, true, { signal: stage.over });
    if (await Promise.race([accepted(call), ringsTooLong])) return stage.end({ kind: 'ring_timeout' });
    stage.answered();
    await inTime(media.proven, request.mediaTimeoutMs, 'the media of the call');
    await delay(request.holdMs, undefined, { signal: stage.over });
    stage.end({ kind: 'hung_up' });
  });
}

async function accepted(call: SignalingCall): Promise<false> {
  if (call.state === 'ringing') await new Promise<unknown>((resolve) => call.on('accepted', resolve));
  return false;
}
