import { networkOf } from '../client-address.js';
import type { Clock } from '../clock.js';
import type { Limits } from '../limits.js';
import { SignalingError } from '../protocol/errors.js';
import { type RateLimitStore, takeToken } from '../stores/rate-limit-store.js';
import { FailedLogins } from './failed-logins.js';

interface Parts {
  limits: Pick<Limits, 'loginsPerMinuteByName' | 'loginsPerMinuteByAddress' | 'failedLoginsPer30Minutes'>;
  rates: RateLimitStore;
  clock: Clock;
}

/**
 * How often somebody may try to log in.
 *
 * @see SPEC.md, rule LIMIT-6
 */
export class LoginLimits {
  readonly #parts: Parts;
  readonly #failed: FailedLogins;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#failed = new FailedLogins(parts.clock, parts.limits.failedLoginsPer30Minutes);
  }

  /**
   * Tries to log somebody in, when it may be tried.
   *
   * @param check - says who that is; `undefined` for nobody, which counts as a failure
   * @throws SignalingError `rate_limited`, with the time to wait; and whatever `check` throws, which counts as nothing
   */
  async attempt<T>(
    { address, username }: { address: string; username: string },
    check: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const { limits } = this.#parts;
    const network = networkOf(address);
    // a directory may take names that differ in nothing else for one
    const key = `${network} ${username.normalize('NFKC').toLowerCase()}`;
    await this.#take(`login-by-address ${network}`, limits.loginsPerMinuteByAddress);
    await this.#take(`login-by-name ${key}`, limits.loginsPerMinuteByName);
    const attempt = this.#failed.begin(key);
    refuseFor(attempt.waitMs);
    try {
      const found = await check();
      if (found !== undefined) this.#failed.forget(key);
      return found;
    } catch (error) {
      attempt.takeBack();
      throw error;
    }
  }

  async #take(key: string, perMinute: number): Promise<void> {
    const { rates, clock } = this.#parts;
    refuseFor(await takeToken(rates, key, { perMinute, burst: Math.max(1, perMinute) }, clock.now()));
  }
}

/** @throws SignalingError `rate_limited` unless there is nothing to wait for */
function refuseFor(waitMs: number): void {
  if (waitMs > 0) throw new SignalingError('rate_limited', 'too many logins; wait', undefined, waitMs);
}
