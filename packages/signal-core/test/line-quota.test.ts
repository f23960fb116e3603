import { FakeClock } from 'signal-core/testing';
import { expect, test } from 'vitest';
import { LineQuota } from '../src/line-quota.ts';

test('[AUTH-15] 10 lines at once, one more every 6 s, and how many were left out', async () => {
  const clock = new FakeClock();
  const quota = new LineQuota(clock);
  const take = (times: number) => Array.from({ length: times }, () => quota.take('192.0.2.7'));
  expect(take(12)).toEqual([...Array(10).fill(0), undefined, undefined]);
  expect(quota.take('192.0.2.8')).toBe(0);
  await clock.advance(5_999);
  expect(take(1)).toEqual([undefined]);
  await clock.advance(1);
  expect(take(2)).toEqual([3, undefined]);
});

test('[AUTH-15] the networks fill no memory', () => {
  const quota = new LineQuota(new FakeClock());
  for (let n = 0; n < 20_000; n += 1) quota.take(`network ${n}`);
  expect(quota.size).toBe(10_000);
});
