import { percentile } from '../report/statistics.js';
import { Call } from './call.js';
import type { Client } from './client.js';

const STUCK_AFTER_MS = 10_000;

export interface CallsPlan {
  /** Calls that run at the same time; each place is filled again at once. */
  atOnce: number;
  /** Place this many calls in all. */
  calls: number;
  /** Place no call after this many milliseconds. */
  limitMs: number;
  /** A call that takes more milliseconds has lost a message. 10,000 by default. */
  stuckAfterMs?: number;
}

export interface CallsResult {
  /** Calls of which every message arrived. */
  completed: number;
  failed: number;
  /** What was wrong with the first failed call. */
  firstFault?: string;
  wallMs: number;
  /** Milliseconds from sending a candidate to receiving it. */
  candidateMs: { p50: number; p99: number };
  driverCpuSeconds: number;
}

/** Runs calls in a closed loop over pairs of the clients, and waits for the last to end. */
export async function runCalls(clients: Client[], plan: CallsPlan): Promise<CallsResult> {
  const latencies: number[] = [];
  const free = pairs(clients);
  if (free.length < plan.atOnce) throw new Error(`${clients.length} users cannot hold ${plan.atOnce} calls`);
  const running = new Set<Call>();
  const startedAt = performance.now();
  const cpuAtStart = process.cpuUsage();
  let placed = 0;
  let completed = 0;
  let failed = 0;
  let firstFault: string | undefined;

  return new Promise((resolve) => {
    const place = () => {
      if (placed >= plan.calls || performance.now() - startedAt >= plan.limitMs) return;
      const pair = free.shift();
      if (pair === undefined) return;
      const call = new Call(pair, placed++, {
        latency: (milliseconds) => latencies.push(milliseconds),
        end: ({ fault }) => {
          running.delete(call);
          if (fault === undefined) {
            completed += 1;
            free.push(pair);
          } else {
            failed += 1;
            firstFault ??= fault;
          }
          place();
          if (running.size === 0) finish();
        },
      });
      running.add(call);
      call.start();
    };
    const { stuckAfterMs = STUCK_AFTER_MS } = plan;
    const watch = setInterval(() => {
      for (const call of running) {
        if (performance.now() - call.startedAt > stuckAfterMs) call.finish({ fault: 'a message never arrived' });
      }
    }, stuckAfterMs / 10);
    const finish = () => {
      clearInterval(watch);
      const cpu = process.cpuUsage(cpuAtStart);
      const sorted = Float64Array.from(latencies).sort();
      resolve({
        completed,
        failed,
        ...(firstFault !== undefined && { firstFault }),
        wallMs: performance.now() - startedAt,
        candidateMs: { p50: percentile(sorted, 50), p99: percentile(sorted, 99) },
        driverCpuSeconds: (cpu.user + cpu.system) / 1e6,
      });
    };
    for (let slot = 0; slot < plan.atOnce; slot += 1) place();
    if (running.size === 0) finish();
  });
}

function pairs(clients: Client[]): [Client, Client][] {
  const list: [Client, Client][] = [];
  for (let index = 0; index + 1 < clients.length; index += 2) {
    const [first, second] = [clients[index], clients[index + 1]];
    if (first !== undefined && second !== undefined) list.push([first, second]);
  }
  return list;
}
