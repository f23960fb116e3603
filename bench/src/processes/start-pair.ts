import type { DriverTasks } from '../driver-process.js';
import type { ServerTasks } from '../server-process.js';
import { SUBJECTS, type SubjectName } from '../subjects.js';
import type { Cores } from './cores.js';
import { PinnedProcess } from './pinned-process.js';

interface Options {
  subject: SubjectName;
  cores: Cores | undefined;
  /** Whether the legacy server announces joins; see `startLegacy`. */
  announce: boolean;
}

export type Driver = PinnedProcess<DriverTasks>;

/** A fresh server and a fresh driver, each on its core. */
export interface Pair {
  server: PinnedProcess<ServerTasks>;
  driver: Driver;
  port: number;
}

/** Starts both, runs `measure`, and ends both, however it goes. */
export async function withPair<T>({ subject, cores, announce }: Options, measure: (pair: Pair) => Promise<T>) {
  const server = new PinnedProcess<ServerTasks>({
    program: 'server-process',
    nodeFlags: ['--expose-gc'],
    core: cores?.server,
  });
  try {
    const port = await server.ask('listen', { server: SUBJECTS[subject].server, announce });
    return await withDriver(cores, (driver) => measure({ server, driver, port }));
  } finally {
    await server.stop();
  }
}

/** One more driver, for what goes on in the background of what the driver of the pair measures. */
export function withBackgroundDriver<T>(cores: Cores | undefined, use: (driver: Driver) => Promise<T>): Promise<T> {
  return withDriver(cores, use, true);
}

export async function withDriver<T>(
  cores: Cores | undefined,
  use: (driver: Driver) => Promise<T>,
  isBackground = false,
) {
  const core = cores?.driver;
  const driver: Driver = new PinnedProcess<DriverTasks>({ program: 'driver-process', core, isBackground });
  try {
    return await use(driver);
  } finally {
    await driver.stop();
  }
}
