import { afterEach, expect, test, vi } from 'vitest';
import { Slices } from '../../src/gateway/slices.ts';
import { silentLogger } from '../../src/log.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** As if every step took 50 µs. */
const STEP_MS = 0.05;

/** Slices, and a way to make works whose steps are noted. */
function slicing() {
  const done: string[] = [];
  const logged: object[] = [];
  const slices = new Slices({ ...silentLogger, error: (fields) => void logged.push(fields) });
  vi.spyOn(performance, 'now').mockImplementation(() => done.length * STEP_MS);
  function* work(name: string, steps: number) {
    for (let step = 0; step < steps; step += 1) {
      done.push(`${name}${step}`);
      yield;
    }
  }
  return { slices, done, logged, work };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** How many steps each turn of the event loop did, until all were done. */
async function turns(done: string[], all: number): Promise<number[]> {
  const turns: number[] = [];
  while (done.length < all) {
    const before = done.length;
    await nextTurn();
    turns.push(done.length - before);
  }
  return turns;
}

const names = (name: string, steps: number) => Array.from({ length: steps }, (_, step) => `${name}${step}`);

test('[PRES-3] what takes longer than 2 ms goes on in the next turn, and every step is done once, in order', async () => {
  const { slices, done, work } = slicing();
  const finished = slices.run(work('a', 1_000));
  const slicesOf = await turns(done, 1_000);
  expect(slicesOf.length).toBeGreaterThan(20);
  for (const steps of slicesOf) expect(steps * STEP_MS).toBeLessThanOrEqual(2 + STEP_MS);
  await finished;
  expect(done).toEqual(names('a', 1_000));
});

test('[PRES-3] several broadcasts of one moment do not add up, and follow each other', async () => {
  const { slices, done, work } = slicing();
  const finished = Promise.all(['a', 'b', 'c', 'd'].map((name) => slices.run(work(name, 100))));
  for (const steps of await turns(done, 400)) expect(steps * STEP_MS).toBeLessThanOrEqual(2 + STEP_MS);
  await finished;
  expect(done).toEqual(['a', 'b', 'c', 'd'].flatMap((name) => names(name, 100)));
});

test('[PRES-3] a broadcast to few leaves in one turn, and what comes later in another', async () => {
  const { slices, done, work } = slicing();
  await slices.run(work('a', 10));
  expect(done).toHaveLength(10);
  await slices.run(work('b', 10));
  expect(done).toHaveLength(20);
  await slices.run([]);
});

test('[HOST-8] one that fails is logged, ends, and holds up no other', async () => {
  const { slices, done, logged, work } = slicing();
  const fault = new Error('no such connection');
  const failing = (function* () {
    yield* work('a', 2);
    throw fault;
  })();
  await Promise.all([slices.run(failing), slices.run(work('b', 2))]);
  expect(done).toEqual(['a0', 'a1', 'b0', 'b1']);
  expect(logged).toEqual([{ err: fault }]);
});
