import { type RequestHandler, Router } from 'express';
import type { Readiness } from 'signal-core';

/**
 * `/livez`: the process answers. `/readyz`: it can take clients, or says with 503 why not.
 *
 * @see SPEC.md, rule SRV-24
 */
export function probes(readiness: () => Readiness): Router {
  const answer =
    (state: () => Readiness | 'alive'): RequestHandler =>
    (_request, response) => {
      const status = state();
      const isGood = status === 'alive' || status === 'ready';
      response
        .status(isGood ? 200 : 503)
        .set('cache-control', 'no-store')
        .json({ status });
    };
  const router = Router();
  router.get(
    '/livez',
    answer(() => 'alive'),
  );
  router.get('/readyz', answer(readiness));
  return router;
}
