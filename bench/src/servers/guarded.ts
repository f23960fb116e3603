import type { Server } from 'node:http';
import { SignalingServer } from 'signal-core';
import { BENCH_ISSUER } from '../token.js';
import { serve } from './ours.js';

/** More than the load asks for, so that every bucket is looked into and none is empty. */
const MUCH = 1e9;

/** This project's server as it stands on the internet: tokens are checked, and every limit of `standard` counts. */
export function startGuarded(): Promise<Server> {
  return serve(
    new SignalingServer({
      auth: { jwt: BENCH_ISSUER },
      limits: {
        profile: 'standard',
        eventsPerSecond: MUCH,
        eventBurst: MUCH,
        candidatesPerSecond: MUCH,
        candidateBurst: MUCH,
        callsPerMinute: MUCH,
        callBurst: MUCH,
        callsToUserPerMinute: MUCH,
      },
    }),
  );
}

/** The same without either. */
export function startUnguarded(): Promise<Server> {
  return serve(new SignalingServer({ auth: 'open', limits: 'off' }));
}
