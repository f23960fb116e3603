import type { Cores } from '../processes/cores.js';
import { type Driver, type Pair, withBackgroundDriver, withPair } from '../processes/start-pair.js';
import { SUBJECTS, type SubjectName } from '../subjects.js';

export interface ChurnScenario {
  /** Users online, who are told of presence as the subject's clients are. */
  users: number;
  /** So many join, and as many leave, a second. */
  perSecond: number;
  /** How long one who comes and goes is there, and how long away, in milliseconds. */
  stayMs: number;
  awayMs: number;
  /** Calls that go on meanwhile, between further users. */
  calls: number;
  /** Candidates that these calls send, all together. */
  candidatesPerSecond: number;
  warmUpMs: number;
  durationMs: number;
  /** Stop when a process holds more: a server may make messages faster than they can be received. */
  maxResidentBytes: number;
}

export interface ChurnMeasurement {
  candidateP50Ms: number;
  candidateP99Ms: number;
  candidateMaxMs: number;
  candidates: number;
  /** Candidates that had not arrived two seconds after the last; they count with the time that they had. */
  missing: number;
  joinsPerSecond: number;
  leavesPerSecond: number;
  megabytesPerSecond: number;
  serverBusy: number;
  /** All driver processes together: they share a core. */
  driverBusy: number;
  /** How late the process that measures was with its own schedule: 99 % were less. */
  lateP99Ms: number;
  /** How long it was measured; less than planned when memory ran out. */
  seconds: number;
  isCutShort: boolean;
}

/** Each is a process, all of them on one core. */
interface Drivers {
  /** Call, and measure: they go first. */
  callers: Driver;
  /** Come and go. */
  movers: Driver;
  /** Are told of it. */
  audience: Driver;
}

/** The numbers of the users of each process are far apart. */
const FIRST_CALLER = 900_000;
const FIRST_MOVER = 800_000;
const LIMIT_MS = 120_000;
const WATCH_MS = 100;

/** How long candidates take while many join and leave. */
export function measureChurn(
  subject: SubjectName,
  cores: Cores | undefined,
  scenario: ChurnScenario,
): Promise<ChurnMeasurement> {
  // The announcements of 1,000 joins take the legacy server minutes; the churn that is measured is announced.
  const announce = subject !== 'legacy';
  return withPair({ subject, cores, announce }, (pair) =>
    withBackgroundDriver(cores, (movers) =>
      withBackgroundDriver(cores, async (audience) => {
        const drivers = { callers: pair.driver, movers, audience };
        const moving = await gather(subject, pair, drivers, scenario);
        if (!announce) await pair.server.ask('announce', null);
        const away = Math.round((scenario.perSecond * scenario.awayMs) / 1000);
        const churning = movers.ask('churn', {
          protocol: SUBJECTS[subject].protocol,
          port: pair.port,
          staying: 0,
          away,
          firstAway: FIRST_MOVER + moving,
          perSecond: scenario.perSecond,
          durationMs: LIMIT_MS,
        });
        const measurement = await measureMeanwhile(pair, drivers, scenario);
        await movers.ask('halt', null);
        await churning;
        // On the legacy server the late end of a connection removes the user who has come back.
        if (announce) await agree(subject, drivers);
        return measurement;
      }),
    ),
  );
}

/** Brings everybody online, and the calls under way. @returns how many are to come and go */
async function gather(subject: SubjectName, pair: Pair, drivers: Drivers, scenario: ChurnScenario): Promise<number> {
  const { callers, movers, audience } = drivers;
  const { users, calls, perSecond, stayMs } = scenario;
  const moving = Math.round((perSecond * stayMs) / 1000);
  const join = async (driver: Driver, wanted: number, firstNumber: number) => {
    const plan = { protocol: SUBJECTS[subject].protocol, port: pair.port, atOnce: 32, limitMs: LIMIT_MS };
    const { joined } = await driver.ask('join', { ...plan, users: wanted, firstNumber });
    if (joined < wanted) throw new Error(`${subject}: only ${joined} of ${wanted} users joined`);
  };
  await join(callers, 2 * calls, FIRST_CALLER);
  await callers.ask('establish', null);
  await join(audience, users - moving, 0);
  await join(movers, moving, FIRST_MOVER);
  if (subject !== 'legacy') await agree(subject, drivers);
  await audience.ask('settle', { listed: 0, quietMs: 500, limitMs: LIMIT_MS });
  return moving;
}

/** What was measured was heard: one of the audience knows exactly who is online. */
async function agree(subject: SubjectName, { callers, movers, audience }: Drivers): Promise<void> {
  if (SUBJECTS[subject].presence === 'none') return;
  const others = [...(await callers.ask('online', null)), ...(await movers.ask('online', null))];
  if (await audience.ask('awaitAgreement', { others, limitMs: LIMIT_MS })) return;
  throw new Error(`${subject}: a watcher was told of others than those who are online`);
}

async function measureMeanwhile(pair: Pair, drivers: Drivers, scenario: ChurnScenario): Promise<ChurnMeasurement> {
  const { candidatesPerSecond, durationMs, warmUpMs, maxResidentBytes } = scenario;
  const { callers, movers, audience } = drivers;
  const processes = [pair.server, movers, audience];
  let isCutShort = false;
  const watch = setInterval(() => {
    if (isCutShort || processes.every(({ residentBytes }) => residentBytes < maxResidentBytes)) return;
    isCutShort = true;
    void movers.ask('halt', null);
    void callers.ask('halt', null);
  }, WATCH_MS);
  await new Promise((resolve) => setTimeout(resolve, warmUpMs));
  const before = await counts(pair, drivers);
  const steady = await callers.ask('steady', { perSecond: candidatesPerSecond, durationMs });
  const after = await counts(pair, drivers);
  clearInterval(watch);
  const seconds = after.at - before.at;
  const perSecond = (read: (at: typeof after) => number) => (read(after) - read(before)) / seconds;
  return {
    candidateP50Ms: steady.candidateMs.p50,
    candidateP99Ms: steady.candidateMs.p99,
    candidateMaxMs: steady.candidateMs.max,
    candidates: steady.candidates,
    missing: steady.missing,
    joinsPerSecond: perSecond(({ progress }) => progress.joins),
    leavesPerSecond: perSecond(({ progress }) => progress.leaves),
    megabytesPerSecond: perSecond(({ progress, bytes }) => progress.bytes + bytes) / 1e6,
    serverBusy: perSecond(({ server }) => server),
    driverBusy: perSecond(({ driver }) => driver),
    lateP99Ms: steady.lateP99Ms,
    seconds,
    isCutShort,
  };
}

async function counts({ server }: Pair, { callers, movers, audience }: Drivers) {
  const [inServer, ...inDrivers] = await Promise.all(
    [server, callers, movers, audience].map((process: Pick<Driver, 'ask'>) => process.ask('cpuSeconds', null)),
  );
  return {
    server: inServer ?? Number.NaN,
    driver: inDrivers.reduce((sum, seconds) => sum + seconds, 0),
    progress: await movers.ask('churnProgress', null),
    bytes: await audience.ask('bytesTo', Number.MAX_SAFE_INTEGER),
    at: performance.now() / 1000,
  };
}
