import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectServing } from '../e2e/hostile-steps.ts';
import { expectNoProcessFaults } from '../e2e/process-faults.ts';
import { stage } from '../e2e/stage.ts';
import { exchange } from '../fuzz/raw-exchange.ts';

expectNoProcessFaults();

/** What a fuzz run once broke something with, as it went over the wire: requests by name. */
const HERE = new URL('.', import.meta.url);
const REQUESTS = readdirSync(HERE).filter((name) => name.endsWith('.http'));

test.each(REQUESTS)('[ERR-4] [REST-3] %s does no harm any more', async (name) => {
  const failures: unknown[] = [];
  const silent = () => {};
  const logger = { debug: silent, info: silent, warn: silent, error: (fields: object) => failures.push(fields) };
  const running = await stage('websocket', { logger });
  const answer = await exchange(Number(new URL(running.url).port), readFileSync(new URL(name, HERE)), {
    how: 'close',
    silenceMs: 4_000,
  });
  expect(answer).toMatch(/^HTTP\/1\.1 [24]\d\d /);
  expect(failures).toEqual([]);
  await expectServing(running);
});
