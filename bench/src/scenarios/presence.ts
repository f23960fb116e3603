import type { ChangeBytes } from '../driver/lone-changes.js';
import type { Cores } from '../processes/cores.js';
import { type Pair, withPair } from '../processes/start-pair.js';
import { SUBJECTS, type SubjectName } from '../subjects.js';

export interface PresenceScenario {
  /** Users online. */
  users: number;
  /** Users who come and go one by one. */
  loneUsers: number;
  /** So many of the users watch lists, whose size is that of all; the others are not told. */
  listWatchers: number;
  /** The legacy server is measured up to so many users. */
  legacyUsers: number;
  /** Many come and go: so many of each a second. */
  storm: { perSecond: number; durationMs: number };
}

export interface PresenceMeasurement {
  /** Payload bytes of one change by itself, by watcher. */
  join: ChangeBytes;
  leave: ChangeBytes;
  storm?: StormMeasurement;
}

interface StormMeasurement {
  /** Mean payload bytes of a join or leave, by watcher. */
  bytesPerChange: number;
  changesPerSecond: number;
  serverBusy: number;
}

const LIMIT_MS = 120_000;

/** What it costs each who watches that somebody joins or leaves. */
export async function measurePresence(
  subject: SubjectName,
  cores: Cores | undefined,
  scenario: PresenceScenario,
): Promise<PresenceMeasurement | undefined> {
  if (subject === 'legacy' && scenario.users > scenario.legacyUsers) return undefined;
  const { protocol, presence } = SUBJECTS[subject];
  const { users, listWatchers, loneUsers } = scenario;
  // On this project's server a client may do without presence: so the others can be many, and the lists few.
  const others = subject === 'legacy' ? protocol : 'signaling-2';
  const watchers = subject === 'ours' ? Math.min(listWatchers, users) : users;
  return withPair({ subject, cores, announce: subject !== 'legacy' }, async (pair) => {
    const { server, driver, port } = pair;
    await driver.ask('join', { protocol, port, users: watchers, atOnce: 32, limitMs: LIMIT_MS });
    const { joined } = await driver.ask('join', { protocol: others, port, users, atOnce: 32, limitMs: LIMIT_MS });
    if (joined < users) throw new Error(`${subject}: only ${joined} of ${users} users joined`);
    if (subject === 'legacy') await server.ask('announce', null);
    else await agreed(pair);
    await driver.ask('settle', { listed: 0, quietMs: 500, limitMs: LIMIT_MS });

    const plan = { port, protocol: others, watchers, users: loneUsers, limitMs: LIMIT_MS };
    const alone = await driver.ask('loneChanges', plan);
    return presence === 'changes' ? { ...alone, storm: await storm(pair, watchers, scenario) } : alone;
  });
}

/** The same watchers while others come and go. */
async function storm(pair: Pair, watchers: number, scenario: PresenceScenario): Promise<StormMeasurement> {
  const { server, driver, port } = pair;
  const { perSecond, durationMs } = scenario.storm;
  const protocol = 'signaling-2';
  const everybody = { protocol, port, users: scenario.users + perSecond, atOnce: 32, limitMs: LIMIT_MS } as const;
  await driver.ask('join', everybody);
  await agreed(pair);
  await driver.ask('settle', { listed: 0, quietMs: 500, limitMs: LIMIT_MS });

  const bytesBefore = await driver.ask('bytesTo', watchers);
  const cpuBefore = await server.ask('cpuSeconds', null);
  const startedAt = performance.now();
  const others = { staying: watchers, away: perSecond, firstAway: scenario.users + perSecond };
  await driver.ask('churn', { protocol, port, ...others, perSecond, durationMs });
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuSeconds = (await server.ask('cpuSeconds', null)) - cpuBefore;
  await agreed(pair);
  const bytes = (await driver.ask('bytesTo', watchers)) - bytesBefore;
  const { joins, leaves } = await driver.ask('churnProgress', null);
  return {
    bytesPerChange: bytes / watchers / (joins + leaves),
    changesPerSecond: (joins + leaves) / seconds,
    serverBusy: cpuSeconds / seconds,
  };
}

async function agreed({ driver }: Pair): Promise<void> {
  if (await driver.ask('awaitAgreement', { others: [], limitMs: LIMIT_MS })) return;
  throw new Error('a watcher was told of others than those who are online');
}
