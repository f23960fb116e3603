import { Counter, Histogram, Registry } from 'prom-client';
import type { HostEvents } from '../host-events.js';
import { ERROR_CODES } from '../protocol/errors.js';
import { countCalls } from './call-metrics.js';
import { INSTRUMENTS } from './instruments.js';
import { type Metrics, noMetrics } from './metrics.js';
import type { MetricsOptions } from './metrics-options.js';
import { observeProcess } from './process-load.js';
import { gaugeState, type StateSources } from './state-gauges.js';

const NAMES = Object.values(INSTRUMENTS).map(({ name }) => name);

/**
 * Measures what the option `metrics` asks for.
 *
 * @throws TypeError when the host's registry holds metrics of these names already
 * @see SPEC.md, section METRICS
 */
export function createMetrics(
  option: boolean | MetricsOptions,
  { events, ...sources }: StateSources & { events: HostEvents },
): Metrics {
  if (option === false) return noMetrics;
  const { registry: hosts } = option === true ? {} : option;
  const registry = hosts ?? new Registry();
  const taken = NAMES.find((name) => registry.getSingleMetric(name) !== undefined);
  if (taken !== undefined) {
    throw new TypeError(
      `option 'metrics.registry' must be without '${taken}': each server needs a registry of its own`,
    );
  }
  gaugeState(registry, sources);
  countCalls(registry, events);
  const registers = [registry];
  const refusals = new Counter({ ...INSTRUMENTS.refusals, registers });
  for (const code of ERROR_CODES) refusals.inc({ code }, 0);
  const { buckets } = INSTRUMENTS.requestTime;
  const requestTime = new Histogram({ ...INSTRUMENTS.requestTime, buckets: [...buckets], registers });
  const stopObserving = hosts === undefined ? observeProcess(registry) : () => {};
  return {
    refused: (code) => refusals.inc({ code }),
    requestAnswered: (route, status, seconds) => requestTime.observe({ route, status }, seconds),
    scrape: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    close() {
      stopObserving();
      for (const name of NAMES) registry.removeSingleMetric(name);
    },
  };
}
