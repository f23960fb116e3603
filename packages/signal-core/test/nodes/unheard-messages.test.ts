import type { Stores } from 'signal-core';
import { expect, test } from 'vitest';
import type { NodeMessage } from '../../src/stores/nodes.ts';
import { answer, ring, talk } from '../e2e/call-steps.ts';
import { candidates } from '../e2e/session-descriptions.ts';
import { MODERN, trickled } from '../e2e/talk-steps.ts';
import { Dice } from '../fuzz/dice.ts';
import { withFaultyBus } from './faulty-bus.ts';
import { startNodes } from './two-nodes.ts';

/** Node 1 says nothing of these to the others. */
const silentAbout = (isUnsaid: (message: NodeMessage) => boolean) => (stores: Stores, node: number) =>
  node === 1 ? withFaultyBus(stores, new Dice(1), { lost: 1, spares: (message) => !isUnsaid(message) }) : stores;

const isEnd = (message: NodeMessage) => message.type === 'call' && message.call.status === 'ended';

test('[NODE-2] a caller who dials again hears first that the call before was declined, though nobody said so', async () => {
  const { join } = await startNodes({ before: silentAbout(isEnd) });
  const [alice, bob] = [await join(0, 'alice'), await join(1, 'bob')];
  const first = await ring(alice, bob);
  await bob.ask('reject_call', { callId: first });
  await alice.quiet('call_rejected');
  const second = await ring(alice, bob);
  const heard = alice.log.map(({ event, payload }) => [event, Object(payload).callId]);
  expect(heard.filter(([event]) => event === 'call_rejected')).toEqual([['call_rejected', first]]);
  await answer(bob, alice, second);
  await alice.quiet('call_ended');
});

test('[NODE-2] whoever is rung hears first that the call before is over', async () => {
  const { join } = await startNodes({ before: silentAbout(isEnd) });
  const [alice, bob, carol] = [await join(0, 'alice'), await join(1, 'bob'), await join(0, 'carol')];
  const first = await ring(bob, alice);
  await bob.ask('end_call', { callId: first });
  await alice.quiet('call_ended');
  alice.forget();
  const { callId } = (await carol.ask('call_user', {
    to: 'alice',
    callType: 'video',
    offer: { type: 'offer', sdp: 'v=0' },
  })) as {
    callId?: string;
  };
  await alice.settle();
  expect(alice.order('call_ended', 'incoming_call')).toEqual(['call_ended', 'incoming_call']);
  expect((await alice.next('incoming_call')).callId).toBe(callId);
});

test('[NODE-2] what was said twice, and late, is heard once', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { join, settle } = await startNodes({
      before: (stores) => withFaultyBus(stores, new Dice(seed), { twice: 0.5, late: 0.5 }),
    });
    const [alice, near, bob] = [await join(0, 'alice'), await join(0, 'bob'), await join(1, 'bob')];
    const callId = await talk(alice, bob);
    await near.next('call_ended');
    bob.send('end_call', { callId });
    expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'hangup' });
    await settle(alice, near, bob);
    for (const each of [alice, near, bob]) await each.quiet('call_ended', 'call_accepted', 'call_status');
  }
});

test('[ICE-10] [NODE-4] a device that lost the race for a call hears no candidate that was on its way', async () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const { join, settle } = await startNodes({
      before: (stores) => withFaultyBus(stores, new Dice(seed), { late: 0.7, spares: ({ type }) => type !== 'relay' }),
    });
    const alice = await join(0, 'alice', MODERN);
    const [winner, loser] = [await join(1, 'bob', { ...MODERN, deviceId: 'one' }), await join(1, 'bob', MODERN)];
    const callId = await ring(alice, winner);
    await loser.next('incoming_call');
    for (const each of candidates(1, 5)) alice.send('ice_candidate', { to: 'bob', callId, candidate: each });
    await answer(winner, alice, callId);
    await settle(alice, winner, loser);
    const names = loser.log.map(({ event }) => event);
    expect(names.slice(names.indexOf('call_ended')).filter((event) => event.startsWith('ice_'))).toEqual([]);
    expect(await trickled(winner)).toEqual(candidates(1, 5));
  }
});

test('[ICE-10] [NODE-4] a device that is heard twice to show a call gets the candidates of the caller once', async () => {
  const again: (() => void)[] = [];
  const repeating = (stores: Stores): Stores => {
    if (stores.nodes === undefined) return stores;
    const { bus } = stores.nodes;
    const send: typeof bus.send = (to, message) => {
      bus.send(to, message);
      if (message.type === 'shown') again.push(() => bus.send(to, message));
    };
    return { ...stores, nodes: { ...stores.nodes, bus: { send, listen: (...args) => bus.listen(...args) } } };
  };
  const { join, settle } = await startNodes({ before: repeating });
  const [alice, bob] = [await join(0, 'alice', MODERN), await join(1, 'bob', MODERN)];
  const callId = await ring(alice, bob);
  await settle(alice, bob);
  for (const each of candidates(1, 5)) alice.send('ice_candidate', { to: 'bob', callId, candidate: each });
  await settle(alice, bob);
  for (const send of again) send();
  await settle(alice, bob);
  expect(again).toHaveLength(1);
  expect(await trickled(bob)).toEqual(candidates(1, 5));
});
