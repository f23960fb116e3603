import type { SignalingServerOptions } from 'signal-core';
import { expect, test } from 'vitest';
import { BEAT_MS } from '../../src/stores/nodes.ts';
import { talk } from '../e2e/call-steps.ts';
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
