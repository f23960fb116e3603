import type { Cores } from '../processes/cores.js';
import { withPair } from '../processes/start-pair.js';
import { SUBJECTS, type SubjectName } from '../subjects.js';

/** Users who are there before the first measurement, so that it holds all the code and none of the connections. */
const FIRST_USERS = 100;

export interface IdleScenario {
  /** Joined users of whom the memory is measured. */
  users: number;
}

export interface IdleMeasurement {
  kilobytesPerConnection: number;
}

/** What a joined connection that does nothing costs the server in resident memory. */
export function measureIdle(
  subject: SubjectName,
  cores: Cores | undefined,
  { users }: IdleScenario,
): Promise<IdleMeasurement> {
  const { protocol } = SUBJECTS[subject];
  return withPair({ subject, cores, announce: true }, async ({ server, driver, port }) => {
    const residentWith = async (wanted: number) => {
      const { joined } = await driver.ask('join', { protocol, port, users: wanted, atOnce: 32, limitMs: 120_000 });
      if (joined < wanted) throw new Error(`${subject}: only ${joined} of ${wanted} users joined`);
      const { settled } = await driver.ask('settle', { listed: 0, quietMs: 2000, limitMs: 60_000 });
      if (!settled) throw new Error(`${subject}: never came to rest after ${wanted} joins`);
      return server.ask('residentBytes', null);
    };
    const before = await residentWith(FIRST_USERS);
    const after = await residentWith(FIRST_USERS + users);
    return { kilobytesPerConnection: (after - before) / users / 1024 };
  });
}
