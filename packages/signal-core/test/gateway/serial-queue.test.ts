import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SerialQueue } from '../../src/gateway/serial-queue.ts';
import { scaled } from '../domain/scale.ts';

/** A promise, and what settles it. */
function gate() {
  let open = () => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('[ERR-9] a task that needs no waiting runs at once', () => {
  const queue = new SerialQueue();
  const ran: string[] = [];
  queue.run(() => void ran.push('first'));
  queue.run(() => void ran.push('second'));
  expect(ran).toEqual(['first', 'second']);
});

test('[ERR-9] a task waits until the one before it is done, and is counted while it waits', async () => {
  const queue = new SerialQueue();
  const ran: string[] = [];
  const { promise, open } = gate();
  queue.run(() => promise.then(() => void ran.push('slow')));
  queue.run(() => void ran.push('second'));
  queue.run(async () => void ran.push('third'));
  expect([ran, queue.length]).toEqual([[], 2]);
  open();
  await settled();
  expect(ran).toEqual(['slow', 'second', 'third']);
  expect(queue.length).toBe(0);
});

test('[ERR-9] what a task that waits leaves for later comes after those that were there before', async () => {
  const queue = new SerialQueue();
  const ran: string[] = [];
  queue.run(async () => {
    await settled();
    ran.push('first');
    queue.run(() => void ran.push('left by the first'));
  });
  queue.run(() => void ran.push('second'));
  await settled();
  await settled();
  expect(ran).toEqual(['first', 'second', 'left by the first']);
});

test('[ERR-9] a queue that was empty runs at once again', async () => {
  const queue = new SerialQueue();
  const ran: string[] = [];
  queue.run(async () => void ran.push('slow'));
  await settled();
  queue.run(() => void ran.push('at once'));
  expect(ran).toEqual(['slow', 'at once']);
});

test('[ERR-9] whatever tasks there are, they run one at a time and in order', async () => {
  const tasks = fc.array(fc.record({ waits: fc.nat({ max: 3 }), comesAfter: fc.nat({ max: 2 }) }), { maxLength: 20 });
  const check = async (list: { waits: number; comesAfter: number }[]) => {
    const queue = new SerialQueue();
    const done: number[] = [];
    let running = 0;
    for (const [index, { waits, comesAfter }] of list.entries()) {
      for (let turn = 0; turn < comesAfter; turn += 1) await undefined;
      const start = () => {
        expect(running).toBe(0);
        running += 1;
      };
      const end = () => {
        running -= 1;
        done.push(index);
      };
      if (waits === 0) {
        queue.run(() => {
          start();
          end();
        });
      } else {
        queue.run(async () => {
          start();
          for (let turn = 0; turn < waits; turn += 1) await undefined;
          end();
        });
      }
    }
    await settled();
    expect(done).toEqual(list.map((_, index) => index));
  };
  await fc.assert(fc.asyncProperty(tasks, check), { numRuns: scaled(300) });
});
