import { createMemoryStores, type Stores } from 'signal-core';
import { describe, expect, test } from 'vitest';
import type { NodeMessage } from '../../src/stores/nodes.ts';
import { stillTalking, talk } from '../e2e/call-steps.ts';
import { told } from '../e2e/loss-steps.ts';
import { candidates } from '../e2e/session-descriptions.ts';
import { trickled } from '../e2e/talk-steps.ts';
import { overriding } from '../stores/overriding.ts';
import { arrive, connect, hearing, signal, trickle } from './move-steps.ts';
import { startNodes } from './two-nodes.ts';

const ALICE = { id: 'alice', username: 'alice', protocol: 2, deviceId: 'phone' };
/** How long a lost device is shown as online, in milliseconds. */
const PRESENCE_GRACE_MS = 5_000;

/** What a join asks the stores for, in order; `swapped` is the answer to `swap`. */
const MOMENTS = ['remember', 'sessionsOf', 'swap', 'swapped', 'line'] as const;
type Moment = (typeof MOMENTS)[number];

/** Keeps whoever asks the stores for something waiting, and then refuses it, or not. */
class Gate {
  #moment: Moment | undefined;
  #reached = signal();
  #opened = signal();
  #isRefusing = false;

  /** @returns when somebody waits */
  shut(moment: Moment): Promise<void> {
    this.#moment = moment;
    [this.#reached, this.#opened] = [signal(), signal()];
    return this.#reached.happened;
  }

  open({ isRefusing = false } = {}): void {
    this.#isRefusing = isRefusing;
    this.#moment = undefined;
    this.#opened.happen();
  }

  async pass(moment: Moment): Promise<void> {
    if (moment !== this.#moment) return;
    this.#reached.happen();
    await this.#opened.happened;
    if (this.#isRefusing) throw new Error('away');
  }

  before(stores: Stores): Stores {
    const { presence, users } = stores;
    return {
      ...stores,
      users: {
        get: (id) => users.get(id),
        list: () => users.list(),
        remember: async (user, at) => {
          await this.pass('remember');
          return users.remember(user, at);
        },
      },
      presence: {
        subscribe: (...listeners) => presence.subscribe(...listeners),
        sessionsOf: async (user) => {
          await this.pass('sessionsOf');
          return presence.sessionsOf(user);
        },
        swap: async (change, expected) => {
          await this.pass('swap');
          const isSwapped = await presence.swap(change, expected);
          await this.pass('swapped');
          return isSwapped;
        },
      },
      in: (scope) => {
        const { calls, restores } = stores.in(scope);
        const line = async (user: string) => {
          await this.pass('line');
          return calls.line(user);
        };
        return { calls: overriding(calls, { line }), restores };
      },
    };
  }
}

/** Until nobody waits for a lost device any more, in milliseconds. */
const GIVEN_UP_MS = 16_000;

describe.each([
  ['the only node', 0, (gate: Gate) => startNodes({ count: 1, before: () => gate.before(createMemoryStores()) })],
  [
    'one of two nodes',
    1,
    (gate: Gate) => startNodes({ before: (stores, node) => (node === 1 ? gate.before(stores) : stores) }),
  ],
])('a connection to %s that is cut while it joins', (_, node, start) => {
  async function startStage() {
    const gate = new Gate();
    const stage = await start(gate);
    const isOnline = async () => (await stage.nodes[0]?.signaling.onlineUsers())?.some(({ id }) => id === 'alice');
    const connections = async () => (await stage.nodes[node]?.signaling.stats())?.connections;
    /** It is cut when its join has come so far, and the stores go on when the server has seen that. */
    const cutAt = async (moment: Moment, answer: { isRefusing?: boolean } = {}) => {
      const alice = await connect(stage, node, 'alice');
      const before = await connections();
      const reached = gate.shut(moment);
      alice.send('join', ALICE);
      await reached;
      await alice.cutWire();
      await expect.poll(connections).toBe((before ?? 0) - 1);
      gate.open(answer);
      await stage.settle();
    };
    return { ...stage, isOnline, cutAt };
  }

  test.each(MOMENTS)('[LOSS-2] [PRES-4] at its %s is shown no longer than any lost device', async (moment) => {
    const { clock, isOnline, cutAt } = await startStage();
    await cutAt(moment);
    await clock.advance(PRESENCE_GRACE_MS);
    expect(await isOnline()).toBe(false);
  });

  test.each(MOMENTS)(
    '[LOSS-2] [PRES-4] at its %s, which then fails, is shown no longer than any lost device',
    async (moment) => {
      const { clock, isOnline, cutAt } = await startStage();
      await cutAt(moment, { isRefusing: true });
      await clock.advance(PRESENCE_GRACE_MS);
      expect(await isOnline()).toBe(false);
    },
  );

  test.each(MOMENTS)('[LOSS-5] at its %s, of a device in a call: it ends in time', async (moment) => {
    const { clock, join, cutAt, ...stage } = await startStage();
    const bob = await join(0, 'bob');
    const { client: alice } = await arrive({ clock, join, ...stage }, 0, ALICE);
    const callId = await talk(alice, bob);
    await alice.drop();
    await told(bob, 'peer_reconnecting');
    await clock.advance(10_000);
    await cutAt(moment);
    await clock.advance(GIVEN_UP_MS);
    expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
  });

  test.each(MOMENTS)('[LOSS-4] at its %s, of a device for which something waits: it waits on', async (moment) => {
    const { join, settle, cutAt, ...stage } = await startStage();
    const bob = await join(0, 'bob');
    const { client: alice } = await arrive({ join, settle, ...stage }, 0, ALICE);
    const callId = await talk(alice, bob);
    await alice.drop();
    await told(bob, 'peer_reconnecting');
    trickle(bob, alice, 1, 3);
    await settle(bob);
    await cutAt(moment);
    trickle(bob, alice, 4, 6);
    await settle(bob);
    const { client: back } = await arrive({ join, settle, ...stage }, node, ALICE);
    await settle(back);
    expect(await trickled(back)).toEqual(candidates(1, 6));
    await stillTalking(back, bob, callId);
  });
});

test('[NODE-5] [LOSS-2] a connection that is cut while its device is on the way is lost, and takes nothing away', async () => {
  const [asked, goesOn] = [signal(), signal()];
  const hear = ({ type }: NodeMessage, pass: () => void) => {
    if (type !== 'hand_over') return pass();
    asked.happen();
    goesOn.happened.then(pass);
  };
  const stage = await startNodes({ before: (stores, node) => (node === 0 ? hearing(stores, hear) : stores) });
  const bob = await stage.join(0, 'bob');
  const { client: alice } = await arrive(stage, 0, ALICE);
  const callId = await talk(alice, bob);
  const back = await connect(stage, 1, 'alice');
  back.send('join', ALICE);
  await asked.happened;
  await back.cutWire();
  await expect.poll(async () => (await stage.nodes[1]?.signaling.stats())?.connections).toBe(0);
  goesOn.happen();
  await told(bob, 'peer_reconnecting');
  trickle(bob, alice, 1, 3);
  await stage.settle(bob);
  const { client: again } = await arrive(stage, 1, ALICE);
  expect(await trickled(again)).toEqual(candidates(1, 3));
  await stillTalking(again, bob, callId);
});

test.each([
  ['that resumes is lost', { ...ALICE, features: ['resume'] }, true],
  ['without the feature resume leaves', ALICE, false],
])('[LOSS-1] a WebSocket that closes with 1001 while its device joins: one %s', async (_, user, isLost) => {
  const gate = new Gate();
  const stage = await startNodes({ count: 1, before: () => gate.before(createMemoryStores()) });
  const alice = await connect(stage, 0, 'alice');
  const reached = gate.shut('line');
  alice.send('join', user);
  await reached;
  await alice.closePage();
  await expect.poll(async () => (await stage.nodes[0]?.signaling.stats())?.connections).toBe(0);
  gate.open();
  await stage.settle();
  expect(await stage.nodes[0]?.signaling.onlineUsers()).toHaveLength(isLost ? 1 : 0);
});

test('[LOSS-2] [NODE-10] a loss that the stores could not be told of is told within 5 s', async () => {
  const gate = new Gate();
  const stage = await startNodes({ before: (stores, node) => (node === 1 ? gate.before(stores) : stores) });
  const bob = await stage.join(0, 'bob');
  const { client: alice } = await arrive(stage, 1, ALICE);
  const callId = await talk(alice, bob);
  const reached = gate.shut('swap');
  await alice.cutWire();
  await reached;
  gate.open({ isRefusing: true });
  await stage.clock.advance(5_000);
  expect(await told(bob, 'peer_reconnecting')).toEqual({ callId, status: 'peer_reconnecting' });
  await stage.clock.advance(10_000);
  await bob.quiet('call_status');
});
