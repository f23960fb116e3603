import { type AwaitAgreementPlan, type ChurnPlan, Crowd } from './driver/crowd.js';
import { type LoneChangesPlan, loneChanges } from './driver/lone-changes.js';
import type { Schedule } from './driver/on-schedule.js';
import { type JoinPlan, Population } from './driver/population.js';
import { type CallsPlan, runCalls } from './driver/run-calls.js';
import { type SettlePlan, settle } from './driver/settle.js';
import { SteadyCalls } from './driver/steady-calls.js';
import { answerParent } from './processes/tasks.js';

/** What a driver process does for the parent. */
export type DriverTasks = typeof tasks;

const population = new Population();
const crowd = new Crowd(population);
const steadyCalls = new SteadyCalls();
const halt = new AbortController();

const tasks = {
  join: (plan: JoinPlan) => population.join(plan),
  settle: (plan: SettlePlan) => settle(population, plan),
  calls: (plan: CallsPlan) => runCalls(population.clients, plan),
  establish: (_: null) => steadyCalls.establish(population.clients),
  steady: (plan: Schedule) => steadyCalls.run(plan, halt.signal),
  loneChanges: (plan: LoneChangesPlan) => loneChanges(population, plan),
  churn: (plan: ChurnPlan) => crowd.churn(plan, halt.signal),
  churnProgress: (_: null) => crowd.progress,
  awaitAgreement: (plan: AwaitAgreementPlan) => crowd.awaitAgreement(plan),
  online: (_: null) => crowd.online,
  bytesTo: (first: number) => crowd.bytesTo(first),
  cpuSeconds(_: null): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  /** Ends what runs on a schedule. */
  halt: (_: null) => halt.abort(),
};

answerParent(tasks);
