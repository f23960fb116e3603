import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Renewal } from '../../src/client/renewal.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What each renewal comes to, in turn: how long it is good, or why it failed. */
function renewing(...outcomes: (number | undefined | Error)[]) {
  const at: number[] = [];
  const reported: unknown[] = [];
  const begin = Date.now();
  const renewal = new Renewal(
    async () => {
      at.push(Date.now() - begin);
      const outcome = outcomes.shift();
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    (error) => reported.push(error),
  );
  return { renewal, at, reported };
}

it('[CLIENT-28] what lapses is renewed at 80 % of its time, again and again', async () => {
  const { renewal, at } = renewing(600_000, 60_000, undefined);
  renewal.start(600_000);
  await vi.advanceTimersByTimeAsync(10_000_000);
  expect(at).toEqual([480_000, 960_000, 1_008_000]);
});

it('[CLIENT-27] a failure is reported, and it is tried again after a tenth of the time', async () => {
  const refused = [new Error('first'), new Error('second')];
  const { renewal, at, reported } = renewing(...refused, 600_000, undefined);
  renewal.start(600_000);
  await vi.advanceTimersByTimeAsync(10_000_000);
  expect(at).toEqual([480_000, 540_000, 600_000, 1_080_000]);
  expect(reported).toEqual(refused);
});

it('[CLIENT-28] nothing is asked without a time, nor too often, nor at once for a long one', async () => {
  for (const never of [undefined, 0, -1, Number.NaN, Number(undefined)]) {
    const { renewal, at } = renewing();
    renewal.start(never);
    await vi.advanceTimersByTimeAsync(10_000_000);
    expect(at).toEqual([]);
  }
  const { renewal: short, at: often } = renewing(1, 1, undefined);
  short.start(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(often).toEqual([5_000, 10_000, 15_000]);
  const { renewal: long, at: seldom } = renewing();
  long.start(1e12);
  await vi.advanceTimersByTimeAsync(1e9);
  expect(seldom).toEqual([]);
});

it('[CLIENT-27] what is stopped asks no more, whatever is under way', async () => {
  for (const outcome of [600_000, new Error('lost')]) {
    const { renewal, at, reported } = renewing(outcome, outcome);
    renewal.start(600_000);
    vi.advanceTimersByTime(480_000);
    renewal.stop();
    await vi.advanceTimersByTimeAsync(10_000_000);
    expect([at.length, reported.length, vi.getTimerCount()]).toEqual([1, 0, 0]);
  }
});
