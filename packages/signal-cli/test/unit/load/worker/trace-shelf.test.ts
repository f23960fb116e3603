import { expect, it } from 'vitest';
import type { Trace } from '../../../../src/load/result.js';
import { mergeTraces, TraceShelf } from '../../../../src/load/worker/trace-shelf.js';

function trace(setupMs: number, outcome: Trace['outcome'] = 'completed'): Trace {
  return { callId: `call-${setupMs}`, caller: 'a', callee: 'b', outcome, setupMs, events: [] };
}

it('keeps the slowest ten, and the first fifty that failed', () => {
  const shelf = new TraceShelf();
  const slow = [5, 12, 1, 9, 3, 11, 2, 8, 4, 10, 7, 6];
  for (const setupMs of slow) shelf.offer({ failed: false, setupMs }, () => trace(setupMs));
  for (let at = 100; at < 160; at += 1) shelf.offer({ failed: true, setupMs: at }, () => trace(at, 'failed'));
  const kept = shelf.all().map(({ setupMs }) => setupMs);
  expect(kept.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, at) => at + 100));
  expect(kept.slice(50)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
});

it('of several workers as many as of one', () => {
  const each = [0, 1].map((worker) => Array.from({ length: 8 }, (_, at) => trace(at * 2 + worker)));
  expect(mergeTraces(each).map(({ setupMs }) => setupMs)).toEqual([15, 14, 13, 12, 11, 10, 9, 8, 7, 6]);
});
