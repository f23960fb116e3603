import { expect, it } from 'vitest';
import { reconnectDelay } from '../../src/client/reconnect.ts';

const delays = (hasLiveCall: boolean, random: number) =>
  Array.from({ length: 8 }, (_, attempt) => reconnectDelay(attempt, hasLiveCall, () => random));

it('[CLIENT-3] it waits from 0.5 s to a limit that doubles, and is 10 s at most', () => {
  expect(delays(false, 0)).toEqual([500, 500, 500, 500, 500, 500, 500, 500]);
  expect(delays(false, 1)).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000]);
  expect(reconnectDelay(2, false, () => 0.5)).toBe(2250);
});

it('[CLIENT-3] with a live call it comes back at once, and then at most 2 s apart', () => {
  expect(delays(true, 0)).toEqual([0, 100, 100, 100, 100, 100, 100, 100]);
  expect(delays(true, 1)).toEqual([0, 400, 800, 1600, 2000, 2000, 2000, 2000]);
});

it('[CLIENT-3] after a year of attempts it is still a number', () => {
  expect(reconnectDelay(100_000, false, () => 1)).toBe(10_000);
});
