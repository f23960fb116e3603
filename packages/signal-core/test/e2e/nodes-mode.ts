import type { Transport } from 'signal-core/testing';
import { test } from 'vitest';

/**
 * Behind nginx, two nodes: how clients come to them. Of this run; the files nodes-legacy-* set it. WebSocket connections
 * take turns, polling ones stick to a node by their address.
 */
export const nodesMode = () => process.env.NODES as Transport | undefined;

/** The port of the Redis that nodes share, once it runs. */
export const REDIS_PORT = 'NODES_REDIS_PORT';

/** A test of what is so of one node, and why it is of one only. */
export const ofOneNode = (_why: string) => test.skipIf(nodesMode() !== undefined);
