import type { Cores } from '../processes/cores.js';
import { withPair } from '../processes/start-pair.js';
import { SUBJECTS, type SubjectName } from '../subjects.js';

export interface CallsScenario {
  /** Users who have joined; calls go over all of them. */
  users: number;
  atOnce: number;
  /** Calls before the measurement: the compiler is done with the hot code by then. */
  warmUpCalls: number;
  measuredCalls: number;
  /** Each of the two ends after this long, if the calls are not done. */
  limitMs: number;
}

export interface CallsMeasurement {
  completed: number;
  failed: number;
  firstFault?: string;
  callsPerCpuSecond: number;
  callsPerSecond: number;
  candidateP50Ms: number;
  candidateP99Ms: number;
  /** CPU time by wall time of each process; 1 is a full core. */
  serverBusy: number;
  driverBusy: number;
}

/** How many calls a server sets up in a second of its CPU time. */
export function measureCalls(
  subject: SubjectName,
  cores: Cores | undefined,
  scenario: CallsScenario,
): Promise<CallsMeasurement> {
  const { protocol, presence } = SUBJECTS[subject];
  // Nobody joins or leaves while calls are measured, and the announcements of 1,000 joins alone take minutes.
  const announce = subject !== 'legacy';
  return withPair({ subject, cores, announce }, async ({ server, driver, port }) => {
    const { joined } = await driver.ask('join', { protocol, port, users: scenario.users, atOnce: 32, limitMs: 60_000 });
    if (joined < scenario.users) throw new Error(`${subject}: only ${joined} of ${scenario.users} users joined`);
    const listed = presence === 'lists' && announce ? scenario.users : 0;
    const { settled } = await driver.ask('settle', { listed, quietMs: 300, limitMs: 60_000 });
    if (!settled) throw new Error(`${subject}: never came to rest after the joins`);

    const plan = { atOnce: scenario.atOnce, limitMs: scenario.limitMs };
    await driver.ask('calls', { ...plan, calls: scenario.warmUpCalls });
    const cpuBefore = await server.ask('cpuSeconds', null);
    const result = await driver.ask('calls', { ...plan, calls: scenario.measuredCalls });
    const cpuSeconds = (await server.ask('cpuSeconds', null)) - cpuBefore;

    const wallSeconds = result.wallMs / 1000;
    return {
      completed: result.completed,
      failed: result.failed,
      ...(result.firstFault !== undefined && { firstFault: result.firstFault }),
      callsPerCpuSecond: result.completed / cpuSeconds,
      callsPerSecond: result.completed / wallSeconds,
      candidateP50Ms: result.candidateMs.p50,
      candidateP99Ms: result.candidateMs.p99,
      serverBusy: cpuSeconds / wallSeconds,
      driverBusy: result.driverCpuSeconds / wallSeconds,
    };
  });
}
