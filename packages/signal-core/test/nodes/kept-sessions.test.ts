import type { Session, Stores } from 'signal-core';
import { expect, test } from 'vitest';
import type { NodeLeases } from '../../src/stores/nodes.ts';
import { stillTalking, talk } from '../e2e/call-steps.ts';
import { overriding } from '../stores/overriding.ts';
import { startNodes } from './two-nodes.ts';

/** More than what it takes until it is looked for what is left behind, and the device is given up, in milliseconds. */
const LONG = 60_000;

type Asked = 'calls' | 'presence';

/** Two nodes, of which the second one is refused, or kept waiting for, some of what it asks the stores for. */
async function startWithFaults() {
  const faults = new Map<Asked, () => Promise<void>>();
  const ask = async (asked: Asked) => faults.get(asked)?.();
  const shared: Stores[] = [];
  const before = (stores: Stores, node: number): Stores => {
    shared.push(stores);
    if (node !== 1) return stores;
    return {
      ...stores,
      presence: {
        sessionsOf: (user) => stores.presence.sessionsOf(user),
        subscribe: (...listeners) => stores.presence.subscribe(...listeners),
        async swap(change, expected) {
          await ask('presence');
          return stores.presence.swap(change, expected);
        },
      },
      in(scope) {
        const scoped = stores.in(scope);
        const line = async (user: string) => {
          await ask('calls');
          return scoped.calls.line(user);
        };
        return { ...scoped, calls: overriding(scoped.calls, { line }) };
      },
    };
  };
  const stage = await startNodes({ before });
  const refuse = (asked: Asked) => {
    faults.set(asked, () => Promise.reject(new Error('away')));
    return () => faults.delete(asked);
  };
  const hold = (asked: Asked) => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    faults.set(asked, () => released);
    return release;
  };
  const sessionsOf = (user: string) => shared[0]?.presence.sessionsOf(user);
  return { ...stage, refuse, hold, sessionsOf };
}

test('[NODE-10] a loss that the calls of a device could not be told of is told later', async () => {
  const { clock, join, refuse } = await startWithFaults();
  const [alice, bob] = [await join(0, 'alice'), await join(1, 'bob')];
  const callId = await talk(alice, bob);
  const allow = refuse('calls');
  await bob.cutWire();
  await clock.advance(1_000);
  await alice.quiet('call_status');
  allow();
  await clock.advance(LONG);
  expect(await alice.next('call_status')).toEqual({ callId, status: 'peer_reconnecting' });
  expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
});

test('[NODE-10] a loss that the store could not be told of at all is told later', async () => {
  const { clock, nodes, join, refuse } = await startWithFaults();
  const [alice, bob] = [await join(0, 'alice'), await join(1, 'bob')];
  const callId = await talk(alice, bob);
  const allow = refuse('presence');
  await bob.cutWire();
  await clock.advance(1_000);
  allow();
  await clock.advance(LONG);
  expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
  expect(await nodes[0]?.signaling.stats()).toMatchObject({ activeUsers: 1 });
});

test('[NODE-10] a device that could not be given up when it was time is given up later', async () => {
  const { clock, join, refuse, sessionsOf } = await startWithFaults();
  const bob = await join(1, 'bob');
  await bob.cutWire();
  await clock.advance(10_000);
  const allow = refuse('presence');
  await clock.advance(10_000);
  allow();
  expect(await sessionsOf('bob')).toHaveLength(1);
  await clock.advance(LONG);
  expect(await sessionsOf('bob')).toEqual([]);
});

test('[NODE-10] a device that is joining while it is looked for what is left behind is not lost', async () => {
  const { clock, nodes, join, hold } = await startWithFaults();
  await join(0, 'alice');
  await clock.advance(25_000);
  const release = hold('calls');
  const joining = join(1, 'bob');
  await expect.poll(() => nodes[0]?.signaling.onlineUsers()).toHaveLength(2);
  await clock.advance(6_000);
  release();
  const bob = await joining;
  await clock.advance(LONG);
  await bob.quiet('disconnect');
  expect(await nodes[0]?.signaling.stats()).toMatchObject({ activeUsers: 2 });
});

test('[NODE-10] a store that has forgotten everything is told again of every device, of lost ones too', async () => {
  let memory = 'first';
  let shared: Stores | undefined;
  const { clock, nodes, join, settle } = await startNodes({
    before(stores) {
      shared = stores;
      if (stores.nodes === undefined) throw new Error('these stores are of one node');
      const { leases } = stores.nodes;
      const beat = async (self: string) => ({ ...(await leases.beat(self)), memory });
      return { ...stores, nodes: { ...stores.nodes, leases: overridingLeases(leases, beat) } };
    },
  });
  await clock.advance(1_000);
  const [alice, bob, carol] = [await join(0, 'alice'), await join(1, 'bob'), await join(1, 'carol')];
  const callId = await talk(alice, bob);
  await carol.cutWire();
  await clock.advance(1_000);
  const before = new Map<string, unknown>();
  for (const user of ['alice', 'bob', 'carol']) {
    for (const session of (await shared?.presence.sessionsOf(user)) ?? []) {
      before.set(user, session);
      await shared?.presence.swap({ device: session.device, session: undefined }, session.socketId);
    }
  }
  memory = 'second';
  await clock.advance(1_000);
  expect(await shared?.presence.sessionsOf('alice')).toEqual([before.get('alice')]);
  expect(await shared?.presence.sessionsOf('bob')).toEqual([before.get('bob')]);
  expect(await shared?.presence.sessionsOf('carol')).toMatchObject([{ device: 'carol/carol-1', lostAt: clock.now() }]);
  await clock.advance(LONG);
  await settle(alice, bob);
  await stillTalking(alice, bob, callId);
  await alice.quiet('call_ended', 'call_status');
  expect(await nodes[0]?.signaling.stats()).toMatchObject({ activeUsers: 2, activeCalls: 1 });
});

/** Two nodes that read who is online anew after the store has lost the last of what it was told. */
async function startWithLosses() {
  let isDeaf = false;
  const resets: ((sessions: Session[]) => void)[] = [];
  let shared: Stores | undefined;
  const stage = await startNodes({
    before(stores) {
      shared = stores;
      const { presence } = stores;
      return {
        ...stores,
        presence: {
          sessionsOf: (user) => presence.sessionsOf(user),
          swap: (change, expected) => presence.swap(change, expected),
          subscribe(onChange, onReset) {
            if (onReset !== undefined) resets.push(onReset);
            return presence.subscribe((change) => isDeaf || onChange(change), onReset);
          },
        },
      };
    },
  });
  await stage.clock.advance(1_000);
  const sessionOf = async (user: string) => (await shared?.presence.sessionsOf(user))?.[0];
  const known = async (user: string) => {
    const session = await sessionOf(user);
    if (session === undefined) throw new Error(`${user} has no session`);
    return session;
  };
  const lose = async (user: string, remembered?: Partial<Session>) => {
    const session = await known(user);
    isDeaf = true;
    const former = remembered && { ...session, ...remembered };
    await shared?.presence.swap({ device: session.device, session: former }, session.socketId);
    isDeaf = false;
    const all = (await Promise.all(['alice', 'bob'].map(sessionOf))).filter((each) => each !== undefined);
    for (const reset of resets) reset(all);
  };
  return { ...stage, known, lose };
}

test('[NODE-10] a store that has lost a device is told again when nodes read who is online anew', async () => {
  const { clock, nodes, join, known, lose } = await startWithLosses();
  await join(0, 'alice');
  await join(1, 'bob');
  const session = await known('bob');
  await lose('bob');
  await clock.advance(1_000);
  expect(await known('bob')).toEqual(session);
  expect(await nodes[0]?.signaling.onlineUsers()).toHaveLength(2);
});

test.each([
  ['at the same node', 1],
  ['at another node', 0],
])(
  '[NODE-10] a store that remembers a former connection of a device %s is told which one speaks for it',
  async (_, node) => {
    const { clock, nodes, join, settle, known, lose } = await startWithLosses();
    const [alice, bob] = [await join(0, 'alice'), await join(1, 'bob')];
    const callId = await talk(alice, bob);
    const session = await known('bob');
    const holder = node === 1 ? session : await known('alice');
    await lose('bob', { socketId: 'former', ...(holder.node !== undefined && { node: holder.node }) });
    await clock.advance(LONG);
    expect(await known('bob')).toEqual(session);
    await settle(alice, bob);
    await stillTalking(alice, bob, callId);
    await bob.quiet('session_replaced', 'call_ended');
    await alice.quiet('call_ended');
    expect(await nodes[0]?.signaling.onlineUsers()).toHaveLength(2);
  },
);

function overridingLeases(leases: NodeLeases, beat: NodeLeases['beat']): NodeLeases {
  return {
    beat,
    claim: (dead, self) => leases.claim(dead, self),
    buried: (dead) => leases.buried(dead),
    leave: (self) => leases.leave(self),
    takeTurn: (ms) => leases.takeTurn(ms),
  };
}
