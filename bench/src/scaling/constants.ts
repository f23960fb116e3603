import type { Constants } from './arithmetic.js';

/**
 * Of the scenario `nodes` in docs/performance.md, and of `measure-store.ts`; memory of Redis as in docs/several-nodes.md,
 * of a connection and bytes to clients as in the scenarios `idle` and `presence`. A leave counts as a join. A beat and
 * what asks for the turn come alone, as they do at rest. Assumed, and not measured: half a microsecond for each node in a beat.
 * `nodeMicros.changeRead` is of an earlier run: in the one of the table it was lost in what goes on at rest.
 */
export const MEASURED: Constants = {
  redisMicros: {
    callAtOne: 326,
    callAcross: 726,
    change: 485,
    changeRead: 5,
    scopeLookedAt: 26,
    turnAsked: 31,
    comparison: 26,
    userCompared: 1.65,
    heldRead: 2.4,
    beat: 85,
    nodeListed: 0.5,
  },
  scripts: { callAtOne: 5, callAcross: 7, change: 4 },
  nodeMicros: { callAtOne: 3090, callAcross: 6640, stay: 2485, changeRead: 36, userAtRest: 22 },
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
