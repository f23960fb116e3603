import type { Stores } from 'signal-core';
import { describe, expect, test } from 'vitest';
import type { NodeMessage } from '../../src/stores/nodes.ts';
import { scaled } from '../domain/scale.ts';
import { ring, talk } from '../e2e/call-steps.ts';
import { resumePoint } from '../e2e/resume-steps.ts';
import { ANSWER, candidate, candidates, OFFER } from '../e2e/session-descriptions.ts';
import { BATCHING, talked, trickled } from '../e2e/talk-steps.ts';
import { Dice } from '../fuzz/dice.ts';
import { withFaultyBus } from './faulty-bus.ts';
import { comeBackAt, hearing, RESUMING, trickle } from './move-steps.ts';
import { startNodes } from './two-nodes.ts';

/** Stores that note what they are asked. */
function noting(stores: Stores, asked: string[]): Stores {
  const seen = <T extends object>(part: T, name: string): T =>
    new Proxy(part, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof value === 'object' && value !== null) return seen(value, `${name}.${String(key)}`);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const what = key === 'send' ? Object(args[1]).type : '';
          // which stores a scope has costs nothing
          if (key === 'in') return seen(value.apply(target, args), name);
          asked.push(`${name}.${String(key)}${what && ` ${what}`}`);
          return value.apply(target, args);
        };
      },
    });
  return seen(stores, 'stores');
}

/** Everything that the ends of a call have for each other. */
const WORDS: [event: string, payload: object][] = [
  ['ice_candidate', { to: 'bob', candidate: candidate(1) }],
  ['ice_candidates', { candidates: candidates(2, 9) }],
  ['session_description', { description: OFFER }],
  ['call_info', { data: 'hello' }],
];

describe('what devices have for each other within a call', () => {
  test.each([
    ['of one node goes straight to the device: no message, and no store', 0, []],
    ['of different nodes is one message each, and no store', 1, WORDS.map(() => 'stores.nodes.bus.send relay')],
  ])('[NODE-3] %s', async (_, node, expected) => {
    const asked: string[] = [];
    const { join, settle } = await startNodes({ before: (stores) => noting(stores, asked) });
    const [alice, bob] = [await join(0, 'alice', BATCHING), await join(node, 'bob')];
    const callId = await talk(alice, bob);
    await settle(alice, bob);
    asked.length = 0;
    for (const [event, payload] of WORDS) alice.send(event, { callId, ...payload });
    await alice.settle();
    expect(asked).toEqual(expected);
    await settle(alice, bob);
    expect(await trickled(bob)).toEqual(candidates(1, 9));
    expect((await talked(bob)).slice(9)).toEqual([
      ['session_description', OFFER],
      ['call_info', 'hello'],
    ]);
  });
});

/** Two who talk across nodes, of whose words some never arrive. */
async function talkWithLoss(features: object, isLost: (message: NodeMessage) => boolean) {
  const stage = await startNodes({
    before: (stores) => hearing(stores, (message, pass) => void (isLost(message) || pass())),
  });
  const [alice, bob] = [await stage.join(0, 'alice'), await stage.join(1, 'bob', { deviceId: 'phone', ...features })];
  const callId = await talk(alice, bob);
  for (const data of ['one', 'two', 'three']) alice.send('call_info', { callId, data });
  await stage.settle(alice, bob);
  expect(await talked(bob)).toEqual([['call_info', 'one']]);
  return { stage, alice, bob, callId };
}

const saysTwo = (message: NodeMessage) => message.type === 'relay' && Object(message.payload).data === 'two';

describe('a message between nodes that is lost', () => {
  test('[NODE-4] is told a device that resumes: it comes back, and is not recovered', async () => {
    const { stage, alice, bob, callId } = await talkWithLoss(RESUMING, saysTwo);
    const point = resumePoint(bob, callId);
    await stage.clock.advance(500);
    await bob.next('disconnect');
    const { client: back, success } = await comeBackAt(stage, 1, 'bob', point);
    expect(success.resumed).toEqual([{ callId, recovered: false }]);
    expect(success.calls).toMatchObject([{ callId, status: 'active', here: true }]);
    alice.send('call_info', { callId, data: 'four' });
    await stage.settle(alice, back);
    expect(await talked(back)).toEqual([['call_info', 'four']]);
  });

  test('[NODE-4] keeps nothing that follows from another device for longer than 500 ms', async () => {
    const { stage, bob } = await talkWithLoss({ protocol: 2 }, saysTwo);
    await stage.clock.advance(500);
    expect(await talked(bob)).toEqual([
      ['call_info', 'one'],
      ['call_info', 'three'],
    ]);
    expect(bob.socket.connected).toBe(true);
  });

  test('[NODE-4] matters no more when the call is over', async () => {
    const { stage, alice, bob, callId } = await talkWithLoss(RESUMING, saysTwo);
    alice.send('end_call', { callId });
    await stage.settle(alice, bob);
    await bob.next('call_ended', (ended) => ended.callId === callId);
    await stage.clock.advance(500);
    await stage.settle(alice, bob);
    expect(bob.socket.connected).toBe(true);
  });
});

test('[NODE-4] [NODE-5] whoever was elsewhere for so long that the first node has forgotten the call is heard there again', async () => {
  const stage = await startNodes({ count: 3 });
  const [alice, bob] = [await stage.join(0, 'alice', RESUMING), await stage.join(1, 'bob')];
  const callId = await talk(alice, bob);
  trickle(alice, bob, 1, 3);
  await stage.settle(alice, bob);
  const { client: away } = await comeBackAt(stage, 2, 'alice', resumePoint(alice, callId));
  trickle(away, bob, 4, 6);
  await stage.settle(away, bob);
  for (let passed = 0; passed < 70_000; passed += 1_000) {
    await stage.clock.advance(1_000);
    await stage.settle(away, bob);
  }
  const { client: back } = await comeBackAt(stage, 0, 'alice', resumePoint(away, callId));
  trickle(back, bob, 7, 9);
  await stage.settle(back, bob);
  expect(await trickled(bob)).toEqual(candidates(1, 9));
});

test('[NODE-4] candidates of either side never overtake the answer, nor each other, however late that is heard of', {
  timeout: 300_000,
}, async () => {
  const dice = new Dice(4);
  const { join, settle } = await startNodes({
    limits: 'off',
    before: (stores) => withFaultyBus(stores, dice, { late: 0.8, spares: ({ type }) => type !== 'call' }),
  });
  const [alice, bob] = [await join(0, 'alice'), await join(1, 'bob')];
  for (let round = 0; round < scaled(20, 200); round += 1) {
    const callId = await ring(alice, bob);
    for (const each of [alice, bob]) each.forget();
    trickle(alice, bob, 1, 10);
    trickle(bob, alice, 1, 10);
    bob.send('accept_call', { callId, answer: ANSWER });
    trickle(bob, alice, 11, 25);
    trickle(alice, bob, 11, 25);
    await settle(alice, bob);
    expect(alice.order('call_accepted', 'ice_candidate').indexOf('call_accepted')).toBe(0);
    expect(await trickled(alice)).toEqual(candidates(1, 25));
    expect(await trickled(bob)).toEqual(candidates(1, 25));
    alice.send('end_call', { callId });
    await bob.next('call_ended', (ended) => ended.callId === callId);
  }
});
