import type { SignalingCall } from 'signal-core/client';
import type { UserRef } from 'signal-core/protocol';
import type { CallReport } from './call-report.js';
import { deferred } from './deferred.js';
import type { MediaPeer } from './media-peer.js';
import { type Ending, endingOf, type Proof, verdictOf } from './outcome.js';

interface Play {
  media: MediaPeer;
  peer: UserRef;
  /** Ends the call when aborted. */
  signal: AbortSignal;
}

/** What one end of a call does, and sees of it. */
export interface Stage {
  /** Aborted once the call is over. */
  readonly over: AbortSignal;
  /** The call rings: its end is the end of the play. */
  follow(call: SignalingCall): void;
  /** Made or taken here and now; the first time counts. */
  answered(): void;
  /** The first reason counts. */
  end(ending: Ending): void;
}

/** One end of one call, until it is over. What goes wrong is in the report, not thrown. */
export async function playCall(
  { media, peer, signal }: Play,
  act: (stage: Stage) => Promise<void>,
): Promise<CallReport> {
  const startedAt = performance.now();
  const ended = deferred<Ending>();
  const over = new AbortController();
  let call: SignalingCall | undefined;
  let answeredAt: number | undefined;
  let proof: Proof = 'open';
  media.proven.then(
    () => {
      proof = 'right';
    },
    (error: Error) => {
      proof = { wrong: error.message };
    },
  );
  const interrupt = () => ended.resolve({ kind: 'interrupted' });
  signal.addEventListener('abort', interrupt, { signal: over.signal });
  if (signal.aborted) interrupt();
  const stage: Stage = {
    over: over.signal,
    follow: (ringing) => {
      call = ringing;
      ringing.on('ended', ({ reason }) => ended.resolve({ kind: 'ended', reason }));
    },
    answered: () => {
      answeredAt ??= performance.now();
    },
    end: ended.resolve,
  };
  try {
    act(stage).catch((error: unknown) => ended.resolve(endingOf(error)));
    const ending = await ended.promise;
    const endedAt = performance.now();
    // on the wire, if it was not the other end's doing
    await call?.end();
    const role = call?.role ?? 'caller';
    return {
      callId: call?.id ?? null,
      role,
      peer,
      ...verdictOf(ending, proof),
      setupMs: role === 'callee' || answeredAt === undefined ? null : answeredAt - startedAt,
      durationMs: answeredAt === undefined ? null : endedAt - answeredAt,
      media: role === 'callee' && answeredAt === undefined ? null : media.report(),
    };
  } finally {
    over.abort();
    media.close();
  }
}
