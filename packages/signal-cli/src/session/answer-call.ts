import { setTimeout as delay } from 'node:timers/promises';
import type { SignalingCall } from 'signal-core/client';
import type { CallReport } from './call-report.js';
import { inTime } from './in-time.js';
import type { MediaPeer } from './media-peer.js';
import { playCall } from './play-call.js';

/** What the robot does with a call. */
export type AnswerMode = 'accept' | 'reject' | 'busy' | 'ignore';

export interface AnswerOptions {
  mode: AnswerMode;
  /** How long to ring before doing it, in milliseconds. */
  delayMs: number;
  /** How long the media may take, once accepted, to be proven, in milliseconds. */
  mediaTimeoutMs: number;
  media: MediaPeer;
  /** Hangs up when aborted. */
  signal: AbortSignal;
}

/** One incoming call, from `incoming_call` to its end. */
export function answerCall(call: SignalingCall, options: AnswerOptions): Promise<CallReport> {
  const { mode, media, signal } = options;
  return playCall({ media, peer: call.peer, signal }, async (stage) => {
    stage.follow(call);
    await delay(options.delayMs, undefined, { signal: stage.over });
    if (mode === 'ignore') return;
    if (mode === 'accept') {
      stage.answered();
      await media.answer(call);
      await inTime(media.proven, options.mediaTimeoutMs, 'the media of the call');
    } else {
      stage.end({ kind: 'rejected_here' });
      await call.reject(mode === 'busy' ? 'busy' : 'declined');
    }
  });
}
