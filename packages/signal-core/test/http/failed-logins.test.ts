import { FakeClock } from 'signal-core/testing';
import { describe, expect, test } from 'vitest';
import { FailedLogins } from '../../src/http/failed-logins.ts';

const MINUTE = 60_000;

/** Ten failures without a wait, as in `standard`. */
async function tenFailures() {
  const clock = new FakeClock();
  const failed = new FailedLogins(clock, 10);
  for (let count = 0; count < 10; count += 1) expect(failed.begin('alice').waitMs).toBe(0);
  return { clock, failed };
}

describe('failed logins', () => {
  test('[LIMIT-6] after the tenth each costs a wait that doubles, from 1 s to 15 min', async () => {
    const { clock, failed } = await tenFailures();
    const waits: number[] = [];
    for (let count = 0; count < 13; count += 1) {
      const wait = failed.begin('alice').waitMs;
      waits.push(wait / 1_000);
      await clock.advance(wait - 1);
      expect(failed.begin('alice').waitMs).toBe(1);
      await clock.advance(1);
      expect(failed.begin('alice').waitMs).toBe(0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  test('[LIMIT-6] a success clears them', async () => {
    const { failed } = await tenFailures();
    failed.forget('alice');
    expect(failed.size).toBe(0);
    for (let count = 0; count < 10; count += 1) expect(failed.begin('alice').waitMs).toBe(0);
  });

  test('[LIMIT-6] so does half an hour without a try', async () => {
    const { clock, failed } = await tenFailures();
    await clock.advance(30 * MINUTE - 1);
    expect(failed.begin('alice').waitMs).toBe(0);
    expect(failed.begin('alice').waitMs).toBe(2_000);
    await clock.advance(30 * MINUTE);
    for (let count = 0; count < 10; count += 1) expect(failed.begin('alice').waitMs).toBe(0);
    expect(failed.begin('alice').waitMs).toBe(1_000);
  });

  test('[LIMIT-6] nobody else waits', async () => {
    const { failed } = await tenFailures();
    expect(failed.begin('alice').waitMs).toBe(1_000);
    expect(failed.begin('bob').waitMs).toBe(0);
  });

  test('[LIMIT-6] a try that nobody could judge counts as none', async () => {
    const failed = new FailedLogins(new FakeClock(), 10);
    for (let count = 0; count < 9; count += 1) failed.begin('alice');
    failed.begin('alice').takeBack();
    expect(failed.begin('alice').waitMs).toBe(0);
    expect(failed.begin('alice').waitMs).toBe(1_000);
    const forgotten = failed.begin('bob');
    failed.forget('bob');
    forgotten.takeBack();
    expect(failed.begin('bob').waitMs).toBe(0);
  });

  test('[LIMIT-6] nor does it spare the wait that another try costs', () => {
    const failed = new FailedLogins(new FakeClock(), 2);
    const [first, second] = [failed.begin('ann'), failed.begin('ann')];
    expect([first.waitMs, second.waitMs, failed.begin('ann').waitMs]).toEqual([0, 0, 1_000]);
    first.takeBack();
    expect(failed.begin('ann').waitMs).toBe(1_000);
    second.takeBack();
    expect(failed.begin('ann').waitMs).toBe(0);
  });

  test('[LIMIT-6] they fill no memory: whoever failed longest ago is forgotten', async () => {
    const { failed } = await tenFailures();
    for (let index = 0; index < 20_000; index += 1) failed.begin(`name ${index}`);
    expect(failed.size).toBe(10_000);
    expect(failed.begin('alice').waitMs).toBe(0);
  });

  test('[LIMIT-6] without a limit nothing is remembered', () => {
    const failed = new FailedLogins(new FakeClock(), Number.POSITIVE_INFINITY);
    for (let count = 0; count < 100; count += 1) expect(failed.begin('alice').waitMs).toBe(0);
    expect(failed.size).toBe(0);
  });
});
