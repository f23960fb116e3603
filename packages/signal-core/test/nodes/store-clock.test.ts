import { FakeClock } from 'signal-core/testing';
import { expect, test } from 'vitest';
import { StoreClock } from '../../src/nodes/store-clock.ts';

/** A machine whose clock can be set, and what it says of that of the stores. */
function start() {
  const clock = new FakeClock();
  let setBy = 0;
  const lines: string[] = [];
  const log = (level: string) => (fields: object) => void lines.push(`${level} ${JSON.stringify(fields)}`);
  const own = {
    now: () => clock.now() + setBy,
    steady: () => clock.now(),
    after: clock.after.bind(clock),
    every: clock.every.bind(clock),
  };
  const stores = new StoreClock(own, {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
  });
  const set = (ms: number) => {
    setBy += ms;
  };
  return { clock, stores, lines, set };
}

test('[NODE-17] the time of the stores passes on, whatever somebody sets the clock of the machine to', () => {
  const { clock, stores, set } = start();
  const at = clock.now();
  expect(stores.now()).toBe(at);
  set(90_000);
  stores.heed(at, stores.steady());
  expect(stores.now()).toBe(at);
  set(90_000);
  expect(stores.now()).toBe(at);
});

test('[NODE-17] an answer that took long moves what is known no further than it must', async () => {
  const { clock, stores } = start();
  const began = clock.now();
  await clock.advance(400);
  stores.heed(began + 5_000, stores.steady() - 400);
  // it was told at some moment of 400 ms
  expect(stores.now()).toBe(began + 5_200);
  await clock.advance(1_500);
  stores.heed(began + 7_000, stores.steady() - 1_500);
  expect(stores.now()).toBe(began + 7_000);
  stores.heed(began + 6_990, stores.steady() - 100);
  expect(stores.now()).toBe(began + 7_000);
});

test('[NODE-17] a clock that is off by more than a second is told once, and when it is right again', async () => {
  const { clock, stores, lines, set } = start();
  const heed = () => stores.heed(clock.now(), stores.steady());
  heed();
  set(1_000);
  heed();
  expect(lines).toEqual([]);
  set(1);
  heed();
  heed();
  expect(lines).toEqual(['warn {"aheadMs":1001}']);
  set(-1_001);
  heed();
  expect(lines.slice(1)).toEqual(['info {"aheadMs":0}']);
});
