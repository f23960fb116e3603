import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';
import { PROCESS_INSTRUMENTS } from './instruments.js';

/** How often the delay is sampled, in milliseconds. */
const RESOLUTION_MS = 10;

/**
 * Measures the process. The default metrics of prom-client would do, but nothing stops their observers again.
 *
 * @returns how to stop
 */
export function observeProcess(registry: Registry): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  // the first in the registry, so that all of one scrape tell of the same time
  let lag = { mean: 0, p50: 0, p99: 0, max: 0 };
  let memory = process.memoryUsage();
  const sample = () => {
    lag = { mean: delay.mean, p50: delay.percentile(50), p99: delay.percentile(99), max: delay.max };
    delay.reset();
    memory = process.memoryUsage();
  };
  const gauge = (instrument: { name: string; help: string }, read: () => number, before = () => {}) =>
    new Gauge({
      ...instrument,
      registers: [registry],
      collect() {
        before();
        this.set(read());
      },
    });
  gauge(PROCESS_INSTRUMENTS.lagMean, () => seconds(lag.mean), sample);
  gauge(PROCESS_INSTRUMENTS.lagP50, () => seconds(lag.p50));
  gauge(PROCESS_INSTRUMENTS.lagP99, () => seconds(lag.p99));
  gauge(PROCESS_INSTRUMENTS.lagMax, () => seconds(lag.max));
  let counted = 0;
  new Counter({
    ...PROCESS_INSTRUMENTS.cpu,
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage();
      const all = (user + system) / 1e6;
      this.inc(all - counted);
      counted = all;
    },
  });
  gauge(PROCESS_INSTRUMENTS.resident, () => memory.rss);
  gauge(PROCESS_INSTRUMENTS.heapUsed, () => memory.heapUsed);
  gauge(PROCESS_INSTRUMENTS.heapTotal, () => memory.heapTotal);
  gauge(PROCESS_INSTRUMENTS.external, () => memory.external);
  return () => delay.disable();
}

/** @param nanoseconds - NaN when nothing was sampled */
function seconds(nanoseconds: number): number {
  return nanoseconds / 1e9;
}
