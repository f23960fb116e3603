import type { Clock } from 'signal-core';
import { FakeClock } from 'signal-core/testing';
import { expect, test } from 'vitest';
import { Credentials } from '../../src/gateway/credentials.ts';

const DAY_MS = 86_400_000;
const ann = { id: 'ann', username: 'Ann' };

function watched(clock: Clock) {
  const state = { lapsed: 0 };
  const credentials = new Credentials(clock, () => {
    state.lapsed += 1;
  });
  return { credentials, state };
}

test('[AUTH-12] credentials have lapsed 60 s after their time, not before', async () => {
  const clock = new FakeClock();
  const { credentials, state } = watched(clock);
  credentials.show({ ...ann, expiresAt: clock.now() + 1_000 });
  await clock.advance(60_999);
  expect(state.lapsed).toBe(0);
  await clock.advance(1);
  expect([state.lapsed, clock.pending]).toEqual([1, 0]);
});

test('[AUTH-12] the credentials shown last count, whether they last longer or not', async () => {
  const clock = new FakeClock();
  const { credentials, state } = watched(clock);
  credentials.show({ ...ann, expiresAt: clock.now() + 1_000 });
  credentials.show({ ...ann, expiresAt: clock.now() + DAY_MS });
  await clock.advance(DAY_MS);
  expect(state.lapsed).toBe(0);
  credentials.show({ ...ann, expiresAt: clock.now() - 60_000 });
  expect(state.lapsed).toBe(1);
  credentials.show(ann);
  await clock.advance(2 * DAY_MS);
  expect([state.lapsed, clock.pending]).toEqual([1, 0]);
});

test('[AUTH-12] years are waited for in steps that a timer can take', async () => {
  const clock = new FakeClock();
  const steps: number[] = [];
  const { credentials, state } = watched({
    now: () => clock.now(),
    every: (ms, run) => clock.every(ms, run),
    after: (ms, run) => {
      steps.push(ms);
      return clock.after(ms, run);
    },
  });
  credentials.show({ ...ann, expiresAt: clock.now() + 365 * DAY_MS });
  await clock.advance(365 * DAY_MS + 59_999);
  expect(state.lapsed).toBe(0);
  await clock.advance(1);
  expect(state.lapsed).toBe(1);
  expect(Math.max(...steps)).toBeLessThan(2 ** 31);
});

test('[AUTH-12] nobody waits for those of a connection that is over', async () => {
  const clock = new FakeClock();
  const { credentials } = watched(clock);
  credentials.show({ ...ann, expiresAt: clock.now() + 1_000 });
  credentials.drop();
  expect(clock.pending).toBe(0);
  credentials.show({ ...ann, expiresAt: clock.now() + 1_000 });
  expect(clock.pending).toBe(0);
});
