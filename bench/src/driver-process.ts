import { type JoinPlan, Population } from './driver/population.js';
import { type CallsPlan, runCalls } from './driver/run-calls.js';
import { type SettlePlan, settle } from './driver/settle.js';
import { answerParent } from './processes/tasks.js';

/** What a driver process does for the parent. */
export type DriverTasks = typeof tasks;

const population = new Population();

const tasks = {
  join: (plan: JoinPlan) => population.join(plan),
  settle: (plan: SettlePlan) => settle(population, plan),
  calls: (plan: CallsPlan) => runCalls(population.clients, plan),
};

answerParent(tasks);
