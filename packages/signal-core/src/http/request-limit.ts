import type { RequestHandler } from 'express';
import { networkOf } from '../client-address.js';
import { SignalingError } from '../protocol/errors.js';
import { takeToken } from '../stores/rate-limit-store.js';
import type { RestContext } from './rest-context.js';

/**
 * How often one network may read lists and credentials, which are dear to make; asked before anything else is.
 *
 * @see SPEC.md, rule LIMIT-12
 */
export function requestLimit({ options, calls, readAddress }: RestContext): RequestHandler {
  const perMinute = options.limits.requestsPerMinuteByAddress;
  const rate = { perMinute, burst: Math.max(1, perMinute) };
  const { stores, clock } = calls;
  return async (req, _res, next) => {
    const key = `requests-by-address ${networkOf(readAddress(req).address)}`;
    const waitMs = await takeToken(stores.rates, key, rate, clock.now());
    if (waitMs > 0) throw new SignalingError('rate_limited', 'too many requests; wait', undefined, waitMs);
    next();
  };
}
