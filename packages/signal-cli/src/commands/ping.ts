import { setTimeout as delay } from 'node:timers/promises';
import type { SignalingClient } from 'signal-core/client';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { plural } from '../format/count.js';
import { formatDuration } from '../format/duration.js';
import { percentile } from '../format/percentile.js';
import type { Context } from './context.js';
import { online } from './online.js';
import { untilStopped } from './until-stopped.js';

export interface PingOptions {
  count: number;
  interval: number;
}

/** Measures round trips over the signaling connection. */
export async function ping(context: Context, { count, interval }: PingOptions): Promise<number> {
  const { output } = context;
  async function measure(client: SignalingClient): Promise<number[]> {
    const samples: number[] = [];
    for (let sequence = 1; sequence <= count; sequence += 1) {
      if (sequence > 1) await delay(interval);
      const milliseconds = await roundTrip(client);
      samples.push(milliseconds);
      output.progress({ type: 'pong', sequence, ms: milliseconds }, `${sequence}: ${formatDuration(milliseconds)}`);
    }
    return samples.sort((a, b) => a - b);
  }
  const samples = await online(context, { presence: 'none' }, (client) =>
    Promise.race([measure(client), untilStopped(context, client)]),
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
async function roundTrip(client: SignalingClient): Promise<number> {
  try {
    return Math.round((await client.ping()) * 1000) / 1000;
  } catch (error) {
    throw new Failure('failed', `a round trip failed: ${error instanceof Error ? error.message : error}`);
  }
}
