import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from './processes/tasks.js';
import type { LegacyPolicy } from './servers/legacy.js';
import type { ServerName } from './servers/server-name.js';

interface ListenOptions {
  server: ServerName;
  /** Whether the legacy server announces joins from the beginning; see `startLegacy`. */
  announce: boolean;
  /** Where Redis listens, for those that are one of several. */
  redisPort?: number;
}

/** What a server process does for the parent. */
export type ServerTasks = typeof tasks;

const legacyPolicy: LegacyPolicy = { announce: true };

// Each is loaded only where it is measured, so that memory figures hold no other server's code.
const starters: Record<ServerName, (redisPort: number) => Promise<Server>> = {
  ws: async () => (await import('./servers/ws-relay.js')).startWsRelay(),
  socketio: async () => (await import('./servers/socketio-relay.js')).startSocketIoRelay(),
  peerjs: async () => (await import('./servers/peerjs.js')).startPeerJs(),
  legacy: async () => (await import('./servers/legacy.js')).startLegacy(legacyPolicy),
  ours: async () => (await import('./servers/ours.js')).startOurs(),
  guarded: async () => (await import('./servers/guarded.js')).startGuarded(),
  unguarded: async () => (await import('./servers/guarded.js')).startUnguarded(),
  node: async (redisPort) => (await import('./servers/on-redis.js')).startNode(redisPort),
  'streams-adapter': async (redisPort) => (await import('./servers/on-redis.js')).startStreamsAdapter(redisPort),
};

const tasks = {
  /** Starts the server and tells its port. */
  async listen(options: ListenOptions): Promise<number> {
    legacyPolicy.announce = options.announce;
    const server = await starters[options.server](options.redisPort ?? 0);
    // A server that listens on TCP has an AddressInfo.
    return (server.address() as AddressInfo).port;
  },
  /** From now on the legacy server announces who comes and goes. */
  announce(_: null): void {
    legacyPolicy.announce = true;
  },
  /** CPU time of the whole process so far, in seconds. */
  cpuSeconds(_: null): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  /** Resident bytes after a full garbage collection. */
  async residentBytes(_: null): Promise<number> {
    if (globalThis.gc === undefined) throw new Error('start the server process with --expose-gc');
    // The first collection frees what finalizers hold until the second.
    for (let round = 0; round < 2; round += 1) {
      globalThis.gc();
      await new Promise(setImmediate);
    }
    return process.memoryUsage.rss();
  },
};

answerParent(tasks);
