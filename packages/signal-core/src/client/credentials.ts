import { ask } from './ask.js';
import type { ReportError } from './emitter.js';
import type { Joined, Link } from './link.js';
import type { ResolvedOptions } from './options.js';
import { Renewal } from './renewal.js';

/** What is left when the clock here says that the server has just let a lapsed token in: there, it forgives a minute. */
const UNKNOWN_SPAN_MS = 75_000;

/**
 * Keeps a connection's credentials good, where they come from a function.
 *
 * @see SPEC.md, rule CLIENT-27
 */
export class Credentials {
  readonly #renewal: Renewal;
  readonly #isRenewable: boolean;
  #link: Link | undefined;

  constructor(token: ResolvedOptions['token'], report: ReportError) {
    this.#isRenewable = typeof token === 'function';
    this.#renewal = new Renewal(async () => {
      if (typeof token !== 'function') return undefined;
      const renewed = await ask(this.#link, 'auth_refresh', { token: await token() });
      return spanUntil(renewed.expiresAt);
    }, report);
  }

  open(link: Link, joined: Joined): void {
    this.#link = link;
    if (this.#isRenewable) this.#renewal.start(spanUntil(joined.expiresAt));
  }

  hold(): void {
    this.#link = undefined;
    this.#renewal.stop();
  }
}

function spanUntil(expiresAt: number | undefined): number | undefined {
  const leftMs = expiresAt && expiresAt - Date.now();
  return leftMs !== undefined && leftMs <= 0 ? UNKNOWN_SPAN_MS : leftMs;
}
