import type { Cores } from '../processes/cores.js';
import { withPair } from '../processes/start-pair.js';
import { SUBJECTS, type SubjectName } from '../subjects.js';

export interface RampScenario {
  users: number;
  atOnce: number;
  /** Stop joining after this long: the legacy server's cost is cubic. */
  limitMs: number;
}

export interface RampMeasurement {
  joined: number;
  /** Until the last of them had joined, or the limit. */
  wallSeconds: number;
  /** Payload bytes to all clients, what followed the last join included unless the limit was hit. */
  bytes: number;
  /** One list of users, as the first user last received it. */
  list: { users: number; bytes: number };
}

/** How long it takes a number of users to join, and what the server sends to all of them for it. */
export function measureRamp(
  subject: SubjectName,
  cores: Cores | undefined,
  { users, atOnce, limitMs }: RampScenario,
): Promise<RampMeasurement> {
  const { protocol, presence } = SUBJECTS[subject];
  return withPair({ subject, cores, announce: true }, async ({ driver, port }) => {
    const { joined, wallMs } = await driver.ask('join', { protocol, port, users, atOnce, limitMs });
    const complete = joined === users;
    const { settled, bytes, list } = await driver.ask('settle', {
      listed: presence === 'lists' ? users : 0,
      quietMs: 300,
      limitMs: complete ? 60_000 : 0,
    });
    if (complete && !settled) throw new Error(`${subject}: never came to rest after ${users} joins`);
    return { joined, wallSeconds: wallMs / 1000, bytes, list };
  });
}
