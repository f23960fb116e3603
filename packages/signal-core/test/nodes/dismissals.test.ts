import type { SignalingServerOptions, Stores } from 'signal-core';
import type { ScriptedClient } from 'signal-core/testing';
import { expect, test } from 'vitest';
import { BEAT_MS } from '../../src/stores/nodes.ts';
import { stillTalking, talk } from '../e2e/call-steps.ts';
import { Dice } from '../fuzz/dice.ts';
import { withFaultyBus } from './faulty-bus.ts';
import { hearing } from './move-steps.ts';
import { type NodesStage, startNodes } from './two-nodes.ts';

/** A token is the id of its user, and its number: `bob/one`. */
const auth: SignalingServerOptions['auth'] = {
  verifyToken(token) {
    const [id = '', number = ''] = token.split('/');
    return { id, username: id, jti: `${number} of ${id}`, issuedAt: 1_000 };
  },
};

async function startThree(options: Parameters<typeof startNodes>[0] = {}): Promise<NodesStage> {
  const stage = await startNodes({ count: 3, ...options });
  // by then they know of each other
  await stage.clock.advance(2 * BEAT_MS);
  return stage;
}

const signalingOf = ({ nodes }: NodesStage, node: number) => {
  const server = nodes[node];
  if (server === undefined) throw new Error(`there is no node ${node}`);
  return server.signaling;
};

test('[NODE-12] a user is disconnected at every node, lost devices too, whichever node the host asks', async () => {
  const stage = await startThree();
  const { clock, join } = stage;
  const [near, far, other] = [await join(0, 'bob'), await join(1, 'bob'), await join(2, 'bob', { deviceId: 'gone' })];
  const alice = await join(1, 'alice');
  const callId = await talk(alice, far);
  await other.cutWire();
  await clock.advance(0);
  expect(await signalingOf(stage, 0).disconnectUser('bob')).toBe(3);
  expect(await near.next('disconnect')).toBe('io server disconnect');
  expect(await far.next('disconnect')).toBe('io server disconnect');
  expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'removed' });
  await stage.settle(alice);
  for (const { signaling } of stage.nodes) {
    expect((await signaling.onlineUsers()).map(({ id }) => id)).toEqual(['alice']);
  }
});

/** Three nodes; what the second is to hear of dismissals waits until it is told. */
async function startHearingLate() {
  const late: (() => void)[] = [];
  const presence: Stores['presence'][] = [];
  const stage = await startThree({
    before(stores, node) {
      presence.push(stores.presence);
      if (node !== 1) return stores;
      return hearing(stores, (message, pass) => (message.type === 'dismiss_user' ? void late.push(pass) : pass()));
    },
  });
  /** Its only device loses its connection, and all know. */
  const lose = async (client: ScriptedClient) => {
    await client.cutWire();
    const isLost = async () => (await presence[0]?.sessionsOf(client.id))?.[0]?.lostAt !== undefined;
    await expect.poll(isLost).toBe(true);
  };
  return { ...stage, stage, late, lose };
}

test('[NODE-12] a dismissal that is heard late, and twice, throws out nobody who came since', async () => {
  const { stage, late, join, settle } = await startHearingLate();
  const [laptop, phone] = [await join(1, 'bob', { deviceId: 'laptop' }), await join(1, 'bob', { deviceId: 'phone' })];
  expect(await signalingOf(stage, 0).disconnectUser('bob')).toBe(2);
  await laptop.cutWire();
  await settle(phone);
  expect(late).toHaveLength(1);
  const [again, tablet] = [await join(1, 'bob', { deviceId: 'laptop' }), await join(1, 'bob', { deviceId: 'tablet' })];
  const alice = await join(0, 'alice');
  const callId = await talk(alice, again);
  for (const hear of [...late, ...late]) hear();
  expect(await phone.next('disconnect')).toBe('io server disconnect');
  await settle(again, tablet);
  await stillTalking(alice, again, callId);
  await tablet.quiet('disconnect');
  for (const hear of late) hear();
  await settle(again, tablet);
  await again.quiet('disconnect');
  await tablet.quiet('disconnect');
});

test('[NODE-12] a dismissal that is heard late leaves a device alone that was lost, and is back', async () => {
  const { stage, late, join, lose, settle } = await startHearingLate();
  const lost = await join(1, 'bob', { deviceId: 'phone' });
  await lose(lost);
  expect(await signalingOf(stage, 2).disconnectUser('bob')).toBe(1);
  const back = await join(1, 'bob', { deviceId: 'phone' });
  await lose(back);
  expect(late).toHaveLength(1);
  for (const hear of late) hear();
  await settle();
  expect((await signalingOf(stage, 0).onlineUsers()).map(({ id }) => id)).toEqual(['bob']);
});

test('[NODE-12] dismissals that come twice and out of order end what was there, and nothing else', async () => {
  const stage = await startThree({ before: (stores) => withFaultyBus(stores, new Dice(1), { twice: 1, late: 0.5 }) });
  const first = [await stage.join(1, 'bob'), await stage.join(2, 'bob')];
  expect(await signalingOf(stage, 0).disconnectUser('bob')).toBe(2);
  for (const client of first) expect(await client.next('disconnect')).toBe('io server disconnect');
  const again = [await stage.join(1, 'bob'), await stage.join(2, 'bob')];
  await stage.settle(...again);
  for (const client of again) await client.quiet('disconnect');
});

test('[NODE-12] credentials that are taken back are so at every node', async () => {
  const stage = await startThree({ auth });
  const { join, nodes } = stage;
  const [alice, bob] = [await join(0, 'alice', { token: 'alice/one' }), await join(1, 'bob', { token: 'bob/one' })];
  const other = await join(1, 'bob', { token: 'bob/two', deviceId: 'tablet' });
  const callId = await talk(alice, bob);
  await signalingOf(stage, 2).revoke({ jti: 'one of bob' });
  expect(await bob.next('disconnect')).toBe('io server disconnect');
  expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'removed' });
  await other.quiet('disconnect');
  for (const node of nodes.keys()) {
    await expect(join(node, 'bob', { token: 'bob/one' })).rejects.toThrow();
  }
});

test('[NODE-12] all credentials of a user until some time are taken back at every node', async () => {
  const stage = await startThree({ auth });
  const bob = await stage.join(1, 'bob', { token: 'bob/one' });
  await signalingOf(stage, 0).revoke({ userId: 'bob', issuedBefore: 1_000 });
  expect(await bob.next('disconnect')).toBe('io server disconnect');
  await expect(stage.join(2, 'bob', { token: 'bob/one' })).rejects.toThrow();
});

test('[NODE-12] visibility that changed has done so at every node', async () => {
  let isSeen = true;
  const stage = await startThree({ canSee: (viewer, user) => isSeen || viewer.id === user.id });
  const [alice, bob] = [await stage.join(0, 'alice'), await stage.join(1, 'bob')];
  await stage.clock.advance(5_000);
  await alice.next('users_updated', (users) => users.length === 2);
  alice.forget();
  bob.forget();
  isSeen = false;
  signalingOf(stage, 2).visibilityChanged();
  await stage.clock.advance(5_000);
  for (const client of [alice, bob]) await client.next('users_updated', (users) => users.length === 1);
});
