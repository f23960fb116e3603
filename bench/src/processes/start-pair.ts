import type { DriverTasks } from '../driver-process.js';
import type { ServerTasks } from '../server-process.js';
import type { SubjectName } from '../subjects.js';
import type { Cores } from './cores.js';
import { PinnedProcess } from './pinned-process.js';

interface Options {
  subject: SubjectName;
  cores: Cores | undefined;
  /** Whether the legacy server announces joins; see `startLegacy`. */
  announce: boolean;
}

/** A fresh server and a fresh driver, each on its core. */
export interface Pair {
  server: PinnedProcess<ServerTasks>;
  driver: PinnedProcess<DriverTasks>;
  port: number;
}

/** Starts both, runs `measure`, and ends both, however it goes. */
export async function withPair<T>({ subject, cores, announce }: Options, measure: (pair: Pair) => Promise<T>) {
  const server = new PinnedProcess<ServerTasks>({
    program: 'server-process',
    nodeFlags: ['--expose-gc'],
    core: cores?.server,
  });
  const driver = new PinnedProcess<DriverTasks>({ program: 'driver-process', core: cores?.driver });
  try {
    return await measure({ server, driver, port: await server.ask('listen', { subject, announce }) });
  } finally {
    await server.stop();
    await driver.stop();
  }
}
