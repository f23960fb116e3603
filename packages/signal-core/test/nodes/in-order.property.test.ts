import fc from 'fast-check';
import { FakeClock } from 'signal-core/testing';
import { describe, expect, test } from 'vitest';
import { InOrder, type RelayMessage } from '../../src/nodes/in-order.ts';
import { scaled } from '../domain/scale.ts';

function message(n: number, change: Partial<RelayMessage> = {}): RelayMessage {
  const of = { scope: '', callId: 'c1', version: 1, from: 'alice/laptop', to: 'bob/phone', run: 1 } as const;
  return { type: 'relay', n, event: 'call_info', payload: {}, ...of, ...change };
}

/** Senders and receivers, calls and nodes that have nothing to do with each other. */
const LINES: Partial<RelayMessage>[] = [
  {},
  { from: 'alice/watch' },
  { to: 'bob/tablet' },
  { callId: 'c2' },
  { origin: 'two' },
  { run: 2 },
];

/** As many messages of one line as are sent at most. */
const MOST = 30;

/** What becomes of the messages of one line: 5 % are lost, half come twice, and most of them late. */
const fates = fc.array(
  fc.record({
    isLost: fc.nat(19).map((die) => die === 0),
    copies: fc.integer({ min: 1, max: 2 }),
    late: fc.nat(3),
  }),
  { maxLength: MOST },
);

/** A receiver, and what it told the device. */
function receiver(state: { now: 'ready' | 'behind' | 'over' } = { now: 'ready' }) {
  const clock = new FakeClock(1_500);
  const told: (number | string)[] = [];
  const lines = new Map<string, (number | string)[]>();
  const lineOf = ({ callId, from, to, run, origin }: RelayMessage) => `${callId} ${from} ${to} ${run} ${origin}`;
  const toldOf = (message: RelayMessage) => lines.get(lineOf(message)) ?? [];
  const tell = (message: RelayMessage, what: number | string) => {
    told.push(message.from === 'alice/laptop' ? what : `${message.from} ${what}`);
    lines.set(lineOf(message), [...toldOf(message), what]);
  };
  const asked: number[] = [];
  const inOrder = new InOrder({
    clock,
    stateOf: () => state.now,
    startedAt: ({ callId }) => Number(callId.slice(1)) * 1_000,
    ask: ({ n }) => asked.push(n),
    deliver: (message) => tell(message, message.n),
    missed: (message) => tell(message, `gap before ${message.n}`),
  });
  return { clock, told, toldOf, asked, inOrder };
}

describe('messages of another node', () => {
  test('[NODE-4] are handed on once and in order, whatever the bus does, with a gap told exactly where one is lost', () =>
    fc.assert(
      fc.asyncProperty(fc.tuple(...LINES.map(() => fates)), async (all) => {
        const { clock, toldOf, inOrder } = receiver();
        const sent = all.flatMap((line, which) =>
          line.flatMap(({ isLost, copies, late }, index) =>
            Array.from({ length: isLost ? 0 : copies }, (_, copy) => ({
              message: message(index + 1, LINES[which]),
              at: index + late * (copy + 1),
            })),
          ),
        );
        sent.sort((one, other) => one.at - other.at);
        for (const { message } of sent) inOrder.take(message.origin ?? 'one', message);
        for (let round = 0; round < MOST; round += 1) await clock.advance(500);
        const expected = all.map((line) =>
          line.flatMap(({ isLost }, index) => {
            if (isLost) return [];
            return line[index - 1]?.isLost ? [`gap before ${index + 1}`, index + 1] : [index + 1];
          }),
        );
        expect(LINES.map((line) => toldOf(message(1, line)))).toEqual(expected);
        expect(clock.pending).toBe(0);
      }),
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

  test('[NODE-4] for a device whose former node is dead go on at whatever comes first, in calls that it had', async () => {
    const { clock, told, inOrder } = receiver();
    inOrder.beginAnew('bob/phone');
    await clock.advance(3_600_000);
    inOrder.take('one', message(7));
    inOrder.take('one', message(8));
    inOrder.take('one', message(9, { callId: 'c2' }));
    expect(told).toEqual([7, 8]);
    await clock.advance(500);
    expect(told).toEqual([7, 8, 'gap before 9', 9]);
  });

  test('[NODE-4] of a node that had forgotten the call begin anew', () => {
    const { told, inOrder } = receiver();
    for (const n of [1, 2, 3]) inOrder.take('one', message(n));
    for (const n of [2, 1, 1]) inOrder.take('one', message(n, { run: 2 }));
    expect(told).toEqual([1, 2, 3, 1, 2]);
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
