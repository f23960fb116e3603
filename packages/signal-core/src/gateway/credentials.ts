import type { Identity } from '../auth/identity.js';
import { type Cancel, type Clock, MAX_TIMER_MS } from '../clock.js';

/** How long a client may take to come with new credentials after the old ones lapsed, in milliseconds. */
const GRACE_MS = 60_000;

/**
 * By what a connection lives: the credentials that were shown last, until they have lapsed.
 *
 * @see SPEC.md, rule AUTH-12
 */
export class Credentials {
  readonly #clock: Clock;
  readonly #onLapsed: () => void;
  #identity: Identity | undefined;
  #cancel: Cancel = () => {};
  #isOver = false;

  /** @param onLapsed - called 60 s after they lapsed, unless others were shown */
  constructor(clock: Clock, onLapsed: () => void) {
    this.#clock = clock;
    this.#onLapsed = onLapsed;
  }

  /** Whose they are; nobody's in `open`, and before any were shown. */
  get identity(): Identity | undefined {
    return this.#identity;
  }

  show(identity: Identity): void {
    this.#identity = identity;
    this.#wait();
  }

  /** The connection is over: nobody waits for them to lapse. */
  drop(): void {
    this.#isOver = true;
    this.#cancel();
  }

  #wait(): void {
    this.#cancel();
    const expiresAt = this.#identity?.expiresAt;
    if (expiresAt === undefined || this.#isOver) return;
    const left = expiresAt + GRACE_MS - this.#clock.now();
    if (left <= 0) this.#onLapsed();
    else this.#cancel = this.#clock.after(Math.min(left, MAX_TIMER_MS), () => this.#wait());
  }
}
