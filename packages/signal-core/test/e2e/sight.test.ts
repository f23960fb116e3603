import { BlockList, type SeeHook, type SignalingServerOptions } from 'signal-core';
import type { KnownUser, PresenceState } from 'signal-core/protocol';
import { describe, expect, test } from 'vitest';
import { callTo, ring, stillTalking, talk } from './call-steps.ts';
import type { LegacyClient } from './legacy-client.ts';
import { come, named, watch } from './presence-steps.ts';
import { OFFER } from './session-descriptions.ts';
import { type Stage, stage } from './stage.ts';

/** Only their own kind sees who is called `secret …`; whoever asks over REST in `open` mode is of no kind. */
const secrets: SeeHook = (viewer, { username = '' }) =>
  !username.startsWith('secret') || (viewer.username ?? '').startsWith('secret');

async function listed({ url }: Stage, path: string, token?: string): Promise<KnownUser[]> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await fetch(`${url}${path}`, { headers })).json() as Promise<KnownUser[]>;
}

/** Every name that came to a client, in whatever way. */
const heard = ({ log }: LegacyClient) => JSON.stringify(log);

describe('whom somebody may not see', () => {
  test('[SEE-1] is in no list and no change, however they hear of presence', async () => {
    const world = await stage('websocket', { canSee: secrets });
    const agent = await world.join('secret agent');
    const full = await come(world, 'full');
    const delta = await watch(world, 'delta');
    const chosen = await come(world, 'chosen', { presence: 'none' });
    expect(named(full.success.onlineUsers)).toEqual(['full']);
    expect(delta.names).toEqual(['delta', 'full']);
    expect(await chosen.client.ask('presence_subscribe', { ids: [agent.id, full.client.id] })).toMatchObject({
      users: [{ username: 'full' }],
    });
    const other = await watch(world, 'secret other');
    expect(other.names).toEqual(['chosen', 'delta', 'full', 'secret agent', 'secret other']);
    agent.close();
    await other.until('chosen', 'delta', 'full', 'secret other');
    const dora = await world.join('dora');
    await delta.until('chosen', 'delta', 'dora', 'full');
    await full.client.next('users_updated', (users) => users.length === 4);
    const known = delta.names;
    // the answer is a list, by its schema
    const state = (await delta.client.ask('presence_sync', {})) as unknown as PresenceState;
    delta.synced(state);
    expect([named(state.users), delta.names]).toEqual([known, known]);
    const since = await come(world, 'late', { presence: 'delta', presenceSince: { epoch: delta.epoch, version: 0 } });
    expect(named(since.success.onlineUsers)).toEqual(['chosen', 'delta', 'dora', 'full', 'late']);
    dora.close();
    await delta.until('chosen', 'delta', 'full', 'late');
    for (const client of [full.client, delta.client, chosen.client, since.client]) {
      expect(heard(client)).not.toContain('secret');
      expect(heard(client)).not.toContain(agent.id);
    }
  });

  test('[SEE-1] is told to have left, or come, by a new name that they may not see, or may', async () => {
    const world = await stage('websocket', { canSee: secrets });
    const user = await world.join('bob');
    const delta = await watch(world, 'delta');
    user.send('leave');
    await user.join({ id: user.id, username: 'secret bob' });
    expect((await delta.until('delta')).at(-1)).toMatchObject({ left: [user.id] });
    user.send('leave');
    await user.join({ id: user.id, username: 'bobby' });
    await delta.until('bobby', 'delta');
    expect(heard(delta.client)).not.toContain('secret');
  });

  test('[SEE-1] is in no list over REST, which in `open` mode shows whom nobody in particular may see', async () => {
    const world = await stage('websocket', { canSee: secrets });
    await world.join('secret agent');
    await world.join('bob');
    await world.login('secret offline');
    await world.login('offline');
    expect(named(await listed(world, '/api/users'))).toEqual(['bob', 'offline']);
    expect(named(await listed(world, '/api/online-users'))).toEqual(['bob']);
  });

  test('[SEE-1] a hook that fails shows everybody themselves, and harms nothing else', async () => {
    const errors: string[] = [];
    const nothing = () => {};
    const logger = {
      debug: nothing,
      info: nothing,
      warn: nothing,
      error: (_: object, text: string) => errors.push(text),
    };
    const canSee = () => {
      throw new Error('no database');
    };
    const world = await stage('websocket', { canSee, logger });
    const alice = await come(world, 'alice');
    const bob = await come(world, 'bob');
    expect(named(alice.success.onlineUsers)).toEqual(['alice']);
    expect(named(bob.success.onlineUsers)).toEqual(['bob']);
    expect(await alice.client.refusal('call_user', callTo(alice.client, bob.client))).toBe('user_offline');
    await alice.client.quiet('users_updated');
    expect(errors).toEqual(['a hook of the host failed']);
  });
});

describe('a block', () => {
  const names = { presence: 'delta' };

  test('[SEE-3] takes a user from the sight of whom they block, wherever that one looks, and gives them back', async () => {
    const blocks = new BlockList();
    const world = await stage('websocket', { canSee: blocks.canSee });
    const ann = await world.join('ann');
    const [full, delta] = [await come(world, 'mallory'), await come(world, 'mallory', names)];
    const chosen = await come(world, 'mallory', { presence: 'none' });
    const { id } = full.client;
    const list = await watch(world, 'ben');
    await chosen.client.ask('presence_subscribe', { ids: [ann.id, id] });
    await full.client.next('users_updated', (users) => users.length === 3);

    blocks.block(ann.id, id);
    world.signaling.visibilityChanged();
    expect(named(await full.client.next('users_updated', (users) => users.length === 2))).toEqual(['ben', 'mallory']);
    const { presenceEpoch } = delta.success;
    await delta.client.next('presence_changed', (change) => 'epoch' in change && change.epoch !== presenceEpoch);
    const synced = await delta.client.ask('presence_sync', { since: { epoch: presenceEpoch, version: 1 } });
    expect(named(Object(synced).users)).toEqual(['ben', 'mallory']);
    const gone = await chosen.client.next('presence_changed', ({ left }) => left.length > 0);
    expect(gone).toEqual({ joined: [{ id, username: 'mallory' }], left: [ann.id] });
    // the other way round nothing is hidden
    expect(await list.client.ask('presence_sync', {})).toMatchObject({ users: expect.objectContaining({ length: 3 }) });
    expect(await ann.ask('presence_subscribe', { ids: [id] })).toMatchObject({ users: [{ id }] });

    blocks.unblock(ann.id, id);
    world.signaling.visibilityChanged();
    await full.client.next('users_updated', (users) => users.length === 3);
    await chosen.client.next('presence_changed', ({ joined, left }) => joined.length === 2 && left.length === 0);
    expect(await delta.client.ask('presence_sync', {})).toMatchObject({
      users: expect.objectContaining({ length: 3 }),
    });
  });

  test('[SEE-3] keeps who is blocked from calling, not from being called, and ends no call', async () => {
    const blocks = new BlockList();
    const world = await stage('websocket', { canSee: blocks.canSee });
    const [ann, mallory] = [await world.join('ann'), await world.join('mallory')];
    const callId = await talk(mallory, ann);
    blocks.block(ann.id, mallory.id);
    world.signaling.visibilityChanged();
    await stillTalking(mallory, ann, callId);
    await mallory.ask('end_call', { callId });
    await ann.next('call_ended');
    expect(await mallory.refusal('call_user', callTo(mallory, ann))).toBe('user_offline');
    await ann.quiet('incoming_call');
    await ring(ann, mallory);
  });

  test('[SEE-3] without the option, `visibilityChanged()` changes nothing', async () => {
    const world = await stage('websocket');
    const list = await watch(world, 'ann');
    world.signaling.visibilityChanged();
    await world.join('ben');
    const [first] = await list.until('ann', 'ben');
    expect(first?.epoch).toBe(list.epoch);
  });
});

describe('where credentials count', () => {
  /** A token is `scope/name`. */
  const auth: SignalingServerOptions['auth'] = {
    verifyToken(token) {
      const [scope, username] = token.split('/');
      return username === undefined ? null : { id: username, username, ...(scope && { scope }) };
    },
  };
  const joinAs = async (world: Stage, token: string) => {
    const username = token.split('/')[1] ?? '';
    const client = await world.connect(username);
    await client.join({ id: username, username, token });
    return client;
  };

  test('[SEE-1] REST shows whom the bearer of the token may see', async () => {
    const world = await stage('websocket', { auth, canSee: secrets });
    await joinAs(world, '/secret-agent');
    await joinAs(world, '/bob');
    for (const path of ['/api/users', '/api/online-users']) {
      expect(named(await listed(world, path, '/bob'))).toEqual(['bob']);
      expect(named(await listed(world, path, '/secret-agent'))).toEqual(['bob', 'secret-agent']);
    }
  });

  test.each([
    ['none', undefined],
    ['another word', () => 'elsewhere'],
  ])('[AUTH-14] the scope that they give outlives the connection, with `scopeOf` saying %s', async (_, scopeOf) => {
    const asked: string[] = [];
    const onUnreachable = ({ to }: { to: { id: string } }) => asked.push(to.id) > 0;
    const world = await stage('websocket', { auth, onUnreachable, ...(scopeOf && { scopeOf }) });
    const bob = await joinAs(world, 'red/bob');
    const [red, blue] = [await joinAs(world, 'red/ann'), await joinAs(world, 'blue/mallory')];
    expect(await blue.refusal('call_user', callTo(blue, bob))).toBe('user_offline');
    await bob.ask('leave');
    expect(await blue.refusal('call_user', callTo(blue, bob))).toBe('user_offline');
    expect(asked).toEqual([]);
    expect(await red.ask('call_user', { to: 'bob', callType: 'video', offer: OFFER })).toMatchObject({ ok: true });
    expect(asked).toEqual(['bob']);
    expect(await listed(world, '/api/users', 'red/ann')).toMatchObject([
      { id: 'ann', isOnline: true },
      { id: 'bob', isOnline: false },
    ]);
    expect(named(await listed(world, '/api/users', 'blue/mallory'))).toEqual(['mallory']);
    // who comes under another scope is not rung
    const elsewhere = await joinAs(world, 'blue/bob');
    await elsewhere.quiet('incoming_call');
    const here = await joinAs(world, 'red/bob');
    await here.next('incoming_call', (call) => call.from.id === 'ann');
  });
});
