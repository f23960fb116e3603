import type { Constants } from './arithmetic.js';

/**
 * Of the scenario `nodes` in docs/performance.md, and of `measure-store.ts`; memory of Redis as in docs/several-nodes.md,
 * of a connection and bytes to clients as in the scenarios `idle` and `presence`. A leave counts as a join. Assumed, and
 * not measured: what a beat costs, which is as much as another small script, and half a microsecond for each node in it.
 */
export const MEASURED: Constants = {
  redisMicros: {
    callAtOne: 364,
    callAcross: 482,
    change: 360,
    changeRead: 5,
    scopeLookedAt: 26,
    comparison: 26,
    userCompared: 1.65,
    heldRead: 2.4,
    beat: 26,
    nodeListed: 0.5,
  },
  scripts: { callAtOne: 5, callAcross: 7, change: 4 },
  nodeMicros: { callAtOne: 3370, callAcross: 4390, stay: 1607, changeRead: 36, userAtRest: 27 },
  bytes: {
    changeRead: 400,
    listedUser: 118,
    change: 130,
    changeInBatch: 55,
    connection: 21.1 * 1024,
    listedInNode: 660,
    redisBase: 75e6,
    redisDevice: 900,
    redisUser: 200,
    redisCall: 1500,
  },
};
