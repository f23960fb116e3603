import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DueQueue } from '../../src/stores/memory/due-queue.ts';
import { scaled } from '../domain/scale.ts';

type Step = { set: [id: string, dueAt: number] } | { delete: string } | { take: [now: number, limit: number] };

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const time = fc.integer({ min: 0, max: 20 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ set: fc.tuple(id, time) }) },
  { weight: 1, arbitrary: fc.record({ delete: id }) },
  { weight: 2, arbitrary: fc.record({ take: fc.tuple(time, fc.integer({ min: 1, max: 4 })) }) },
);

/** The same, without any cleverness. */
class PlainQueue {
  readonly #dueAt = new Map<string, number>();

  set(id: string, dueAt: number): void {
    this.#dueAt.set(id, dueAt);
  }

  delete(id: string): void {
    this.#dueAt.delete(id);
  }

  /** @returns the moments that are due, in order: which of two calls of one moment comes first is nobody's business */
  due(now: number): Map<string, number> {
    return new Map([...this.#dueAt].filter(([, dueAt]) => dueAt <= now));
  }
}

test('[STORE-4] a queue of deadlines gives each call at its latest deadline, once, the earliest first', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const [queue, plain] = [new DueQueue(), new PlainQueue()];
      for (const each of steps) {
        if ('set' in each) {
          queue.set(...each.set);
          plain.set(...each.set);
        } else if ('delete' in each) {
          queue.delete(each.delete);
          plain.delete(each.delete);
        } else {
          const [now, limit] = each.take;
          const due = plain.due(now);
          const taken = queue.take(now, limit);
          expect(taken.map((one) => due.get(one))).toEqual([...due.values()].sort((a, b) => a - b).slice(0, limit));
          expect(new Set(taken).size).toBe(taken.length);
          for (const one of taken) plain.delete(one);
        }
      }
    }),
    { numRuns: scaled(300) },
  );
});

test('[STORE-4] deadlines that move ten thousand times are still given once', () => {
  const queue = new DueQueue();
  queue.set('still', 5);
  for (let dueAt = 20_000; dueAt > 10_000; dueAt -= 1) queue.set('moving', dueAt);
  expect(queue.take(10_000, 10)).toEqual(['still']);
  expect(queue.take(10_001, 10)).toEqual(['moving']);
  expect(queue.take(30_000, 10)).toEqual([]);
});
