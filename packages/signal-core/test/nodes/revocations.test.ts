import { createMemoryStores, type Revocation, type SignalingServerOptions, type Stores } from 'signal-core';
import { FakeClock, MemoryNetwork, ScriptedClient, startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import type { NodeMessage } from '../../src/stores/nodes.ts';
import { talk } from '../e2e/call-steps.ts';
import { hearing } from './move-steps.ts';

/** A token is the id of its user, and its number: `bob/one`. */
const auth: SignalingServerOptions['auth'] = {
  verifyToken(token) {
    const [id = '', number = ''] = token.split('/');
    return { id, username: id, jti: `${number} of ${id}`, issuedAt: 1_000 };
  },
};

/** By then a node has asked what was taken back elsewhere, in milliseconds. */
const ASKED_MS = 5_000;

/** Nodes that share their stores, and are started one after the other. */
function network() {
  const clock = new FakeClock();
  const shared = createMemoryStores();
  const all = new MemoryNetwork(() => clock.now(), shared);
  return {
    clock,
    stores: shared,
    async start(before: (stores: Stores) => Stores = (stores) => stores) {
      const server = await startTestServer({ clock, stores: before(all.join()), auth });
      onTestFinished(() => server.close());
      // they know of each other then
      await clock.advance(2_000);
      const connect = async (token: string) => {
        const client = new ScriptedClient({ url: server.url, transport: 'websocket', name: token, auth: { token } });
        onTestFinished(() => client.close());
        return client.connect();
      };
      return {
        signaling: server.signaling,
        async join(token: string) {
          const client = await connect(token);
          const id = token.split('/')[0] ?? '';
          await client.join({ id, username: id, protocol: 2, deviceId: token.replace('/', '-') });
          return client;
        },
        /** By what a handshake is refused. */
        refusal: (token: string) =>
          connect(token).then(
            () => 'none',
            (error: unknown) => Object(error).data?.code,
          ),
      };
    },
  };
}

const isOf = (type: NodeMessage['type']) => (message: NodeMessage) => message.type === type;

/** The stores of a node to which such messages are lost. */
const deafTo = (isLost: (message: NodeMessage) => boolean) => (stores: Stores) =>
  hearing(stores, (message, pass) => {
    if (!isLost(message)) pass();
  });

/** The stores of nodes that remember no revocation, or do not answer, while somebody says so. */
function forgetful() {
  let revocations = createMemoryStores().revocations;
  let isAway = false;
  let memory = 'first';
  const answer = async <Answer>(ask: () => Promise<Answer>) => {
    if (isAway) throw new Error('the store is away');
    return ask();
  };
  return {
    known: (id: string, jti: string) => revocations.of(id, jti),
    goAway: () => {
      isAway = true;
    },
    comeBack: () => {
      isAway = false;
    },
    forget: () => {
      revocations = createMemoryStores().revocations;
      memory = 'second';
    },
    before: (stores: Stores): Stores => {
      const { nodes } = stores;
      if (nodes === undefined) throw new Error('these stores are of one node');
      const { leases } = nodes;
      return {
        ...stores,
        revocations: {
          add: (all) => answer(() => revocations.add(all)),
          of: (id, jti) => answer(() => revocations.of(id, jti)),
          since: (cursor) => answer(() => revocations.since(cursor)),
        },
        nodes: {
          ...nodes,
          leases: {
            beat: async (self) => ({ ...(await leases.beat(self)), memory }),
            claim: (dead, self) => leases.claim(dead, self),
            buried: (dead) => leases.buried(dead),
            leave: (self) => leases.leave(self),
            takeTurn: (ms) => leases.takeTurn(ms),
          },
        },
      };
    },
  };
}

test('[NODE-16] a node that starts after a revocation refuses what was taken back, also when all others are gone', async () => {
  const { start } = network();
  const [one, two] = [await start(), await start()];
  await one.signaling.revoke({ jti: 'one of bob' });
  await two.signaling.revoke({ userId: 'carol', issuedBefore: 1_000 });
  await Promise.all([one.signaling.close(), two.signaling.close()]);
  const late = await start();
  expect(await late.refusal('bob/one')).toBe('unauthorized');
  expect(await late.refusal('carol/any')).toBe('unauthorized');
  await late.join('bob/two');
  await late.join('dave/one');
});

test('[NODE-16] a node that did not hear of a revocation lets nobody in by it, and puts out who is in', async () => {
  const { clock, start } = network();
  const [near, far] = [await start(), await start(deafTo(isOf('revoke')))];
  const [alice, bob, tablet] = [await near.join('alice/one'), await far.join('bob/one'), await far.join('bob/two')];
  const callId = await talk(alice, bob);
  await near.signaling.revoke({ jti: 'one of bob' });
  expect(await far.refusal('bob/one')).toBe('unauthorized');
  await bob.quiet('disconnect');
  await clock.advance(ASKED_MS);
  expect(await bob.next('disconnect')).toBe('io server disconnect');
  expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'removed' });
  await clock.advance(ASKED_MS);
  await tablet.quiet('disconnect');
});

test('[NODE-16] while the store does not answer nobody gets in by credentials, and who is in stays in', async () => {
  const { start } = network();
  const store = forgetful();
  const { join, refusal } = await start(store.before);
  const bob = await join('bob/one');
  store.goAway();
  expect(await refusal('bob/one')).toBe('unavailable');
  expect(await bob.refusal('auth_refresh', { token: 'bob/one' })).toBe('unavailable');
  await bob.quiet('disconnect');
  store.comeBack();
  expect(await refusal('bob/one')).toBe('none');
});

test('[NODE-16] a revocation that the store did not take counts at once, and is told to it when it is back', async () => {
  const { clock, start } = network();
  const store = forgetful();
  const [one, two] = [await start(store.before), await start(store.before)];
  const [bob, tablet] = [await one.join('bob/one'), await two.join('bob/one')];
  store.goAway();
  await expect(one.signaling.revoke({ jti: 'one of bob' })).rejects.toThrow();
  for (const client of [bob, tablet]) expect(await client.next('disconnect')).toBe('io server disconnect');
  store.comeBack();
  expect(await store.known('bob', 'one of bob')).toEqual([]);
  await clock.advance(ASKED_MS);
  expect(await store.known('bob', 'one of bob')).toEqual([{ jti: 'one of bob' }]);
});

test('[NODE-16] a store that has forgotten what was revoked is told again, also by who started later', async () => {
  const { clock, start } = network();
  const store = forgetful();
  const one = await start(store.before);
  const all: Revocation[] = [{ userId: 'bob', issuedBefore: 5_000 }, { jti: 'one of bob' }];
  await one.signaling.revoke({ jti: 'one of bob' });
  await one.signaling.revoke({ userId: 'bob', issuedBefore: 5_000 });
  const two = await start(store.before);
  await one.signaling.close();
  store.forget();
  expect(await store.known('bob', 'one of bob')).toEqual([]);
  await clock.advance(ASKED_MS);
  expect(await store.known('bob', 'one of bob')).toEqual(all);
  expect(await two.refusal('bob/one')).toBe('unauthorized');
});

test('[NODE-16] without credentials nothing is looked up', async () => {
  const clock = new FakeClock();
  let asked = 0;
  const stores = new MemoryNetwork(() => clock.now()).join();
  const ask = async () => {
    asked += 1;
    throw new Error('nobody is to ask');
  };
  const revocations: Stores['revocations'] = { add: ask, of: ask, since: ask };
  const server = await startTestServer({ clock, stores: { ...stores, revocations } });
  onTestFinished(() => server.close());
  await clock.advance(3 * ASKED_MS);
  await server.signaling.revoke({ userId: 'bob' });
  expect(asked).toBe(0);
});
