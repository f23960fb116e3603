import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CandidateBatch } from '../../src/client/candidate-batch.ts';
import { candidate, candidates } from '../e2e/session-descriptions.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function batching() {
  const sent: unknown[] = [];
  return { sent, batch: new CandidateBatch((batch) => sent.push(batch)) };
}

it('[CLIENT-6] a candidate waits for others for 10 ms from the first on', () => {
  const { sent, batch } = batching();
  batch.add(candidate(1));
  vi.advanceTimersByTime(9);
  batch.add(candidate(2));
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(sent).toEqual([candidates(1, 2)]);
});

it('[CLIENT-6] 64 wait for no more, and neither does the end of candidates', () => {
  const { sent, batch } = batching();
  for (const one of candidates(1, 65)) batch.add(one);
  expect(sent).toEqual([candidates(1, 64)]);
  batch.add(null);
  expect(sent).toEqual([candidates(1, 64), [candidate(65), null]]);
});

it('[CLIENT-6] what was sent ahead of its time is not sent again, and what follows has a time of its own', () => {
  const { sent, batch } = batching();
  batch.add(candidate(1));
  batch.flush();
  vi.advanceTimersByTime(100);
  expect(sent).toEqual([[candidate(1)]]);
  batch.add(candidate(2));
  vi.advanceTimersByTime(10);
  expect(sent).toEqual([[candidate(1)], [candidate(2)]]);
});
