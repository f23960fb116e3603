import fc from 'fast-check';
import { FakeClock } from 'signal-core/testing';
import { describe, expect, test } from 'vitest';
import { InOrder, type RelayMessage } from '../../src/nodes/in-order.ts';
import { scaled } from '../domain/scale.ts';

function message(n: number, change: Partial<RelayMessage> = {}): RelayMessage {
  const of = { scope: '', callId: 'c1', version: 1, from: 'alice/laptop', to: 'bob/phone' } as const;
  return { type: 'relay', n, event: 'call_info', payload: {}, ...of, ...change };
}

/** A receiver, and what it told the device. */
function receiver(state: { now: 'ready' | 'behind' | 'over' } = { now: 'ready' }) {
  const clock = new FakeClock();
  const told: (number | string)[] = [];
  const asked: number[] = [];
  const inOrder = new InOrder({
    clock,
    stateOf: () => state.now,
    ask: ({ n }) => asked.push(n),
    deliver: ({ n, from }) => told.push(from === 'alice/laptop' ? n : `${from} ${n}`),
    missed: ({ n }) => told.push(`gap before ${n}`),
  });
  return { clock, told, asked, inOrder };
}

describe('messages of another node', () => {
  test('[NODE-4] are handed on once and in order, whatever the bus does, with a gap told exactly where one is lost', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            isLost: fc.nat(19).map((die) => die === 0),
            copies: fc.integer({ min: 1, max: 2 }),
            late: fc.nat(3),
          }),
          {
            maxLength: 60,
          },
        ),
        async (fates) => {
          const { clock, told, inOrder } = receiver();
          const sent = fates.flatMap(({ isLost, copies, late }, index) =>
            isLost
              ? []
              : Array.from({ length: copies }, (_, copy) => ({ n: index + 1, at: index + late * (copy + 1) })),
          );
          sent.sort((one, other) => one.at - other.at);
          for (const { n } of sent) inOrder.take('one', message(n));
          for (let round = 0; round < fates.length + 1; round += 1) await clock.advance(500);
          const expected = fates.flatMap(({ isLost }, index) => {
            if (isLost) return [];
            return fates[index - 1]?.isLost ? [`gap before ${index + 1}`, index + 1] : [index + 1];
          });
          expect(told).toEqual(expected);
          inOrder.close();
        },
      ),
      { numRuns: scaled(200) },
    ));

  test('[NODE-4] wait 500 ms for one that is missing, and no longer', async () => {
    const { clock, told, inOrder } = receiver();
    inOrder.take('one', message(1));
    inOrder.take('one', message(3));
    await clock.advance(499);
    expect(told).toEqual([1]);
    await clock.advance(1);
    expect(told).toEqual([1, 'gap before 3', 3]);
    inOrder.take('one', message(2));
    expect(told).toEqual([1, 'gap before 3', 3]);
  });

  test('[NODE-4] wait for their call, which is asked for once, and are dropped when it is not heard of in 500 ms', async () => {
    const state: { now: 'ready' | 'behind' } = { now: 'behind' };
    const { clock, told, asked, inOrder } = receiver(state);
    inOrder.take('one', message(1));
    inOrder.take('one', message(2));
    expect([told, asked]).toEqual([[], [1]]);
    state.now = 'ready';
    inOrder.wake('c1');
    expect(told).toEqual([1, 2]);
    state.now = 'behind';
    inOrder.take('one', message(3));
    await clock.advance(500);
    state.now = 'ready';
    inOrder.wake('c1');
    expect([told, asked]).toEqual([
      [1, 2, 'gap before 3'],
      [1, 3],
    ]);
  });

  test('[NODE-4] of a call that is over are dropped', () => {
    const { told, inOrder } = receiver({ now: 'over' });
    inOrder.take('one', message(1));
    expect(told).toEqual([]);
  });

  test('[NODE-4] of several senders and nodes do not wait for each other', () => {
    const { told, inOrder } = receiver();
    inOrder.take('one', message(2));
    inOrder.take('two', message(1));
    inOrder.take('one', message(1, { from: 'alice/watch' }));
    inOrder.take('one', message(1, { callId: 'c2' }));
    expect(told).toEqual([1, 'alice/watch 1', 1]);
  });

  test('[NODE-4] more than 256 are not kept waiting', () => {
    const { told, inOrder } = receiver();
    for (let n = 2; n <= 257; n += 1) inOrder.take('one', message(n));
    expect(told).toEqual([]);
    inOrder.take('one', message(258));
    expect(told.slice(0, 2)).toEqual(['gap before 2', 2]);
    expect(told.length).toBe(258);
  });

  test('[NODE-4] for a device whose former node is dead go on at whatever comes first', () => {
    const { told, inOrder } = receiver();
    inOrder.beginAnew('bob/phone');
    inOrder.take('one', message(7));
    inOrder.take('one', message(8));
    expect(told).toEqual([7, 8]);
  });

  test('[NODE-5] go on at another node where they stopped', () => {
    const [one, two] = [receiver(), receiver()];
    for (const n of [1, 2, 3]) one.inOrder.take('alices', message(n));
    two.inOrder.take('alices', message(5));
    one.inOrder.take('alices', message(6));
    two.inOrder.adopt('bob/phone', one.inOrder.release('bob/phone', ['c1']));
    two.inOrder.take('alices', message(3));
    expect(two.told).toEqual([]);
    two.inOrder.take('alices', message(4));
    expect(two.told).toEqual([4, 5, 6]);
  });
});
