import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerParent } from './processes/tasks.js';
import type { SubjectName } from './subjects.js';

interface ListenOptions {
  subject: SubjectName;
  /** Whether the legacy server announces joins; see `startLegacy`. */
  announce: boolean;
}

/** What a server process does for the parent. */
export type ServerTasks = typeof tasks;

// Each is loaded only where it is measured, so that memory figures hold no other server's code.
const starters: Record<SubjectName, (options: ListenOptions) => Promise<Server>> = {
  ws: async () => (await import('./servers/ws-relay.js')).startWsRelay(),
  socketio: async () => (await import('./servers/socketio-relay.js')).startSocketIoRelay(),
  peerjs: async () => (await import('./servers/peerjs.js')).startPeerJs(),
  legacy: async (options) => (await import('./servers/legacy.js')).startLegacy(options),
  ours: async () => (await import('./servers/ours.js')).startOurs(),
};

const tasks = {
  /** Starts the server and tells its port. */
  async listen(options: ListenOptions): Promise<number> {
    const server = await starters[options.subject](options);
    // A server that listens on TCP has an AddressInfo.
    return (server.address() as AddressInfo).port;
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
