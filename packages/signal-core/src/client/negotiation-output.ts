import type { IceCandidate, Renegotiation } from '../protocol/signal.js';

/** Where a `Negotiation` says what the other end must know. */
export interface NegotiationOutput {
  /** @throws SignalingError when it is refused */
  description(description: Renegotiation): Promise<void>;
  candidate(candidate: IceCandidate | null): void;
  /** ICE is about to begin anew. */
  iceRestarts(): void;
  /** Something from the other end did not fit, or was refused on its way there. */
  error(error: unknown): void;
}
