import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Metrics } from '../metrics/metrics.js';
import { SignalingError } from '../protocol/errors.js';
import type { RestContext } from './rest-context.js';
import { bearerOf, letInside } from './who-asks.js';

/**
 * `GET /metrics`, in the format of Prometheus.
 *
 * @see SPEC.md, rule METRICS-1
 */
export function metrics(context: RestContext, scrape: NonNullable<Metrics['scrape']>): RequestHandler {
  const { metrics: option } = context.options;
  const token = typeof option === 'boolean' ? undefined : option.token;
  return async (req, res) => {
    if (token === undefined) await letInside(context, req, res);
    else if (!isSame(bearerOf(req) ?? '', token)) {
      throw new SignalingError('unauthorized', 'show the token of the metrics as Authorization: Bearer');
    }
    const { contentType, text } = await scrape();
    res.set({ 'Content-Type': contentType, 'Cache-Control': 'no-store' }).send(text);
  };
}

/** As fast however much of it is right. */
function isSame(shown: string, token: string): boolean {
  const [one, other] = [shown, token].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

/** Measures how long a route takes to answer. */
export function timed(metrics: Metrics, route: string): RequestHandler {
  return (_req, res, next) => {
    const begin = performance.now();
    res.once('finish', () => metrics.requestAnswered(route, res.statusCode, (performance.now() - begin) / 1_000));
    next();
  };
}
