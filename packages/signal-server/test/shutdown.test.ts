import { expect, test } from 'vitest';
import { createShutdown } from '../src/shutdown.ts';

/** A shutdown whose clock, closing and exit the test holds in its hands. */
function stage() {
  const exits: number[] = [];
  const logged: string[] = [];
  const log = (_fields: object, message: string) => logged.push(message);
  let now = 5000;
  let closes = 0;
  let finish = () => {};
  let fail = (_error: Error) => {};
  const shutdown = createShutdown({
    close: () => {
      closes += 1;
      return new Promise((resolve, reject) => {
        finish = resolve;
        fail = reject;
      });
    },
    exit: (code) => exits.push(code),
    logger: { info: log, warn: log, error: log },
    now: () => now,
  });
  return {
    exits,
    logged,
    shutdown,
    closes: () => closes,
    finish: () => finish(),
    fail: (error: Error) => fail(error),
    after: (ms: number) => {
      now += ms;
    },
  };
}

test('[SRV-9] the first signal closes, and exits 0 when that is done', async () => {
  const { shutdown, exits, finish, logged } = stage();
  shutdown('SIGTERM');
  await Promise.resolve();
  expect(exits).toEqual([]);
  finish();
  await expect.poll(() => exits).toEqual([0]);
  expect(logged).toEqual(['shutting down', 'stopped']);
});

test('[SRV-9] a shutdown that fails exits 1', async () => {
  const { shutdown, exits, fail } = stage();
  shutdown('SIGTERM');
  fail(new Error('stuck'));
  await expect.poll(() => exits).toEqual([1]);
});

test('[SRV-10] a repeat within 1 s is the same signal, also of the other kind', () => {
  const { shutdown, exits, closes, after } = stage();
  shutdown('SIGINT');
  after(2);
  shutdown('SIGINT');
  after(997);
  shutdown('SIGTERM');
  expect(exits).toEqual([]);
  expect(closes()).toBe(1);
});

test('[SRV-10] a later one exits 1 at once', () => {
  const { shutdown, exits, closes, after } = stage();
  shutdown('SIGINT');
  after(1000);
  shutdown('SIGINT');
  expect(exits).toEqual([1]);
  expect(closes()).toBe(1);
});
