import { LIMITS } from '../protocol/limits.js';
import type { IceCandidate } from '../protocol/signal.js';

/**
 * How long a candidate waits for others, in milliseconds: browsers report the candidates of one interface in tasks of
 * their own a few milliseconds apart, and nobody notices a hundredth of a second in what takes several round trips.
 */
const WINDOW_MS = 10;

/** Gathers the candidates of a moment into one message. */
export class CandidateBatch {
  #candidates: (IceCandidate | null)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #send: (candidates: (IceCandidate | null)[]) => void;

  constructor(send: (candidates: (IceCandidate | null)[]) => void) {
    this.#send = send;
  }

  /** @param candidate - `null`, the end of candidates, waits for nothing */
  add(candidate: IceCandidate | null): void {
    this.#candidates.push(candidate);
    if (candidate === null || this.#candidates.length >= LIMITS.candidatesPerBatch) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), WINDOW_MS);
  }

  /** Sends what is there, so that what follows comes behind it. */
  flush(): void {
    const candidates = this.clear();
    if (candidates.length > 0) this.#send(candidates);
  }

  clear(): (IceCandidate | null)[] {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#candidates.splice(0);
  }
}
