import { setTimeout as delay } from 'node:timers/promises';
import { EXIT } from '../exit-codes.js';
import { plural } from '../format/count.js';
import { formatDuration } from '../format/duration.js';
import { percentile } from '../format/percentile.js';
import type { Connection } from '../session/connection.js';
import { inTime } from '../session/in-time.js';
import { STEP_TIMEOUT_MS } from '../settings.js';
import type { Context } from './context.js';
import { online } from './online.js';
import { untilStopped } from './until-stopped.js';

export interface PingOptions {
  count: number;
  interval: number;
}

/** Measures round trips over the signaling connection, `ping` to `pong`. */
export async function ping(context: Context, { count, interval }: PingOptions): Promise<number> {
  const { output, settings, signal } = context;
  const timeoutMs = settings.timeout ?? STEP_TIMEOUT_MS;
  async function measure(connection: Connection): Promise<number[]> {
    const samples: number[] = [];
    for (let sequence = 1; sequence <= count; sequence += 1) {
      if (sequence > 1) await delay(interval);
      const milliseconds = await inTime(roundTrip(connection), timeoutMs, 'pong');
      samples.push(milliseconds);
      output.progress({ type: 'pong', sequence, ms: milliseconds }, `${sequence}: ${formatDuration(milliseconds)}`);
    }
    return samples.sort((a, b) => a - b);
  }
  const samples = await online(
    context,
    () => {},
    (connection) => Promise.race([measure(connection), untilStopped(connection, signal)]),
  );
  const [p50, p90, p99, max] = [50, 90, 99, 100].map((percent) => percentile(samples, percent));
  output.show(
    { type: 'result', ok: true, exitCode: EXIT.ok, count, p50, p90, p99, max },
    `${plural(count, 'round trip')}: ${[50, 90, 99]
      .map((percent) => `p${percent} ${formatDuration(percentile(samples, percent))}`)
      .join(', ')}, max ${formatDuration(percentile(samples, 100))}`,
    'bold',
  );
  return EXIT.ok;
}

/** In milliseconds, to the microsecond. */
function roundTrip(connection: Connection): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const forget = connection.on('pong', () => {
      forget();
      resolve(Math.round((performance.now() - startedAt) * 1000) / 1000);
    });
    connection.send('ping');
  });
}
