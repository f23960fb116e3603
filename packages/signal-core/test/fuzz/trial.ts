import { expect } from 'vitest';
import { type Bystanders, bystanders, type Credentials, expectQuickCall } from './bystanders.ts';
import type { ServerProcess } from './server-process.ts';

const MEBIBYTE = 1024 * 1024;
const GROWTH_MEBIBYTES = 32;
const LEAST_WARM_UP = 1_000;

export interface Trial {
  /** What is done; it is begun with a tenth of `count`, so that memory has what it always has. */
  attack(count: number, known: Bystanders['known']): Promise<void>;
  count: number;
  /** By which honest people join. */
  credentials?: Credentials;
}

/** Attacks a server, and sees that it is none the worse for it, and that nobody else noticed. */
export async function trial(server: ServerProcess, { attack, count, credentials }: Trial): Promise<void> {
  const people = await bystanders(server.url, credentials);
  await attack(Math.max(Math.ceil(count / 10), Math.min(count, LEAST_WARM_UP)), people.known);
  const before = await server.reportLater();
  const since = performance.now();
  await attack(count, people.known);
  const seconds = (performance.now() - since) / 1_000;
  await expectQuickCall(server.url, credentials);
  await people.expectUndisturbed();
  people.close();
  const after = await server.reportLater();
  const growth = (after.rss - before.rss) / MEBIBYTE;
  process.stdout.write(`  ${count} in ${seconds.toFixed(1)} s; memory ${growth.toFixed(1)} MiB more\n`);
  expect(after.faults).toEqual([]);
  expect(server.end).toBeUndefined();
  expect(growth).toBeLessThan(GROWTH_MEBIBYTES);
}
