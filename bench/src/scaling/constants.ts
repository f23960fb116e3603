import type { Constants } from './arithmetic.js';

/**
 * Of the scenario `nodes` in docs/performance.md and of `measure-store.ts`; memory of Redis as in docs/several-nodes.md,
 * and of a connection and bytes to clients as in the scenarios `idle` and `presence`.
 */
export const MEASURED: Constants = {
  redisMicros: {
    callAtOne: 324,
    callAcross: 692,
    change: 0,
    changeRead: 5.2,
    scopeLookedAt: 0,
    userCompared: 1.5,
    beat: 0,
    nodeListed: 0,
  },
  scripts: { callAtOne: 5, callAcross: 7, change: 4 },
  nodeMicros: { callAtOne: 3010, callAcross: 6290, stay: 0, changeRead: 0, heartbeat: 80 },
  bytes: {
    changeRead: 700,
    listedUser: 118,
    change: 130,
    changeInBatch: 55,
    connection: 21.1 * 1024,
    listedInNode: 0,
    redisBase: 75e6,
    redisDevice: 900,
    redisUser: 200,
    redisCall: 1500,
  },
};
