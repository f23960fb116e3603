import { setTimeout as pause } from 'node:timers/promises';
import type { Stores } from 'signal-core';
import { describe, expect, test } from 'vitest';
import type { NodeMessage } from '../../src/stores/nodes.ts';
import { ring, talk } from '../e2e/call-steps.ts';
import { ANSWER } from '../e2e/session-descriptions.ts';
import { Dice } from '../fuzz/dice.ts';
import { overriding, withCalls } from '../stores/overriding.ts';
import { withFaultyBus } from './faulty-bus.ts';
import { arrive, comeBackAt, connect, RESUMING } from './move-steps.ts';
import { Standstill } from './standstill.ts';
import { startNodes } from './two-nodes.ts';

/** Stores whose next look at a line fails, once it is told to. */
function failingOnce() {
  let fails = false;
  const before = (stores: Stores): Stores => ({
    ...stores,
    in(scope) {
      const { calls, ...rest } = stores.in(scope);
      const line = async (user: string) => {
        if (!fails) return calls.line(user);
        fails = false;
        throw new Error('no answer');
      };
      return { ...rest, calls: { ...methodsOf(calls), line } };
    },
  });
  return {
    before,
    fail() {
      fails = true;
    },
  };
}

function methodsOf(calls: ReturnType<Stores['in']>['calls']): typeof calls {
  return {
    get: (id) => calls.get(id),
    line: (user) => calls.line(user),
    liveOf: (users) => calls.liveOf(users),
    commit: (commit) => calls.commit(commit),
    claimDue: (now, limit) => calls.claimDue(now, limit),
    live: () => calls.live(),
    countLive: () => calls.countLive(),
  };
}

describe('nodes under attack', () => {
  test('[NODE-5] a join that failed half way is tried again on its connection, and leaves nothing behind', async () => {
    const { before, fail } = failingOnce();
    const stage = await startNodes({ before });
    await stage.join(1, 'alice');
    const bob = await connect(stage, 0, 'bob');
    fail();
    bob.send('join', { id: 'bob', username: 'bob', ...RESUMING });
    expect((await bob.next('signal_error')).code).toBe('unavailable');
    await bob.join({ id: 'bob', username: 'bob', ...RESUMING });
    await bob.drop();
    for (let n = 0; n < 6; n += 1) await stage.clock.advance(10_000);
    expect((await stage.nodes[1]?.signaling.onlineUsers())?.map(({ id }) => id)).toEqual(['alice']);
  });

  test('[NODE-5] a device that came round to its first node and left is looked for nowhere', async () => {
    const sent: NodeMessage[] = [];
    const before = (stores: Stores): Stores => {
      if (stores.nodes === undefined) return stores;
      const { bus } = stores.nodes;
      const counting = {
        listen: bus.listen.bind(bus),
        send(to: string, message: NodeMessage) {
          sent.push(message);
          bus.send(to, message);
        },
      };
      return { ...stores, nodes: { ...stores.nodes, bus: counting } };
    };
    const stage = await startNodes({ count: 3, before });
    const alice = await stage.join(0, 'alice');
    let { client: bob } = await arrive(stage, 0, { id: 'bob', username: 'bob', ...RESUMING });
    await talk(alice, bob);
    for (const node of [1, 2, 0]) {
      await bob.drop();
      ({ client: bob } = await comeBackAt(stage, node, 'bob'));
    }
    await stage.settle(alice, bob);
    sent.length = 0;
    bob.send('leave', {});
    await alice.next('call_ended');
    await stage.settle(alice);
    expect(sent.length).toBeLessThan(5);
  });

  test('[NODE-7] a call that a dead node still answers, for a page that is closed, ends when the page is given up', async () => {
    const last = new Standstill();
    const before = (stores: Stores, node: number) => (node === 2 ? last.before(stores) : stores);
    const stage = await startNodes({ count: 3, before });
    await stage.clock.advance(8_000);
    const alice = await stage.join(0, 'alice');
    const { client: bob } = await arrive(stage, 2, { id: 'bob', username: 'bob', ...RESUMING });
    const callId = await ring(alice, bob);
    last.shut();
    await stage.clock.advance(3_000);
    bob.send('accept_call', { callId, answer: ANSWER });
    // the socket is the kernel's: what is in it is read when the node goes on
    await pause(50);
    await stage.clock.advance(6_000);
    await bob.close();
    last.open();
    for (let n = 0; n < 40; n += 1) await stage.clock.advance(1_000);
    expect(await stage.nodes[0]?.signaling.activeCalls()).toEqual([]);
    expect((await stage.nodes[0]?.signaling.onlineUsers())?.map(({ id }) => id)).toEqual(['alice']);
  });

  test('[NODE-8] [NODE-13] a call that cannot be read keeps nobody from hearing of the others', async () => {
    const unreadable = (stores: Stores): Stores =>
      withCalls(stores, (calls) =>
        overriding(calls, {
          liveOf: async (users) => [{ id: 'poison', version: 1 }, ...(await calls.liveOf(users))],
          get: async (id) => {
            if (id === 'poison') throw new Error('a stored value is no JSON');
            return calls.get(id);
          },
        }),
      );
    const silent = (stores: Stores) =>
      withFaultyBus(stores, new Dice(1), { lost: 1, spares: ({ type }) => type !== 'call' });
    const stage = await startNodes({ before: (stores, node) => (node === 0 ? unreadable(stores) : silent(stores)) });
    const [alice, bob] = [await stage.join(0, 'alice'), await stage.join(1, 'bob')];
    const callId = await ring(alice, bob);
    await bob.ask('reject_call', { callId });
    await alice.quiet('call_rejected');
    await stage.clock.advance(5_000);
    expect(await alice.next('call_rejected')).toMatchObject({ callId });
  });
});
