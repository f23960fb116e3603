import type { PresenceChange, PresenceState } from 'signal-core/protocol';
import { describe, expect, test } from 'vitest';
import type { LegacyClient } from './legacy-client.ts';
import { come, type KeptList, named, watch } from './presence-steps.ts';
import { type Stage, stage } from './stage.ts';

/** Alice watches, Bob and Carol are online. */
async function three(world: Stage, extra: Record<string, unknown> = {}) {
  const alice = await watch(world, 'alice', { deviceId: 'laptop', ...extra });
  const [bob, carol] = [await world.join('bob'), await world.join('carol')];
  await alice.until('alice', 'bob', 'carol');
  return { alice, bob, carol };
}

/** While Alice is away Bob leaves, Carol takes another name, and Dave comes: Carol, still there, heard of all of it. */
async function muchHappens(world: Stage, { bob, carol }: { bob: LegacyClient; carol: LegacyClient }) {
  const [witness, tab, dave] = [
    await watch(world, 'witness'),
    await world.connect('carol 2'),
    await world.join('dave'),
  ];
  await tab.join({ id: carol.id, username: 'caroline' });
  bob.close();
  await witness.until('alice', 'caroline', 'dave', 'witness');
  return { witness, dave };
}

/** Comes back as the same page, with what it knows. */
function comeBack({ client, point }: KeptList, since: object | undefined = point) {
  client.user = { id: client.id, username: 'alice', deviceId: 'laptop', presence: 'delta', presenceSince: since };
  return client.comeBack();
}

async function synced({ client }: KeptList, payload: object): Promise<PresenceState | PresenceChange> {
  const answer = await client.ask('presence_sync', payload);
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.error)}`);
  const { ok, ...result } = answer;
  expect(ok).toBe(true);
  return result;
}

describe('what was missed', () => {
  test('[PRES-8] a device that comes back gets what changed in all, in place of the list', async () => {
    const world = await stage('websocket');
    const { alice, bob, carol } = await three(world);
    await alice.client.drop();
    const { witness, dave } = await muchHappens(world, { bob, carol });
    const success = await comeBack(alice);
    expect(success.onlineUsers).toEqual([]);
    const { joined = [], left } = success.presenceChange ?? {};
    expect(new Map(joined.map(({ id, username }) => [id, username]))).toEqual(
      new Map([
        [carol.id, 'caroline'],
        [dave.id, 'dave'],
        [witness.client.id, 'witness'],
      ]),
    );
    expect(left).toEqual([bob.id]);
    alice.returned(success);
    expect(alice.names).toEqual(['alice', 'caroline', 'dave', 'witness']);
    expect(alice.point).toEqual(witness.point);
    await world.join('eve');
    expect(named((await alice.next()).joined)).toEqual(['eve']);
  });

  test('[PRES-8] one that missed nothing is told so', async () => {
    const world = await stage('websocket');
    const { alice } = await three(world);
    await alice.client.drop();
    const success = await comeBack(alice);
    expect(success.presenceChange).toEqual({ ...alice.point, joined: [], left: [] });
    expect(success.onlineUsers).toEqual([]);
  });

  test.each([
    ['another epoch', (since: { version: number }) => ({ ...since, epoch: '00000000' })],
    ['a version of the future', (since: { version: number }) => ({ ...since, version: since.version + 1 })],
  ])('[PRES-8] one that knows %s gets the list', async (_, wrong) => {
    const world = await stage('websocket');
    const { alice } = await three(world);
    await alice.client.drop();
    const success = await comeBack(alice, wrong(alice.point));
    expect(success).not.toHaveProperty('presenceChange');
    expect(named(success.onlineUsers)).toEqual(['alice', 'bob', 'carol']);
    expect(success).toMatchObject({ presenceEpoch: alice.epoch, presenceVersion: alice.version });
  });

  test('[PRES-8] [PRES-5] holds for a device that hears lists; one that hears nothing gets nothing', async () => {
    const world = await stage('websocket');
    const { alice } = await three(world);
    const full = await come(world, 'dave', { presenceSince: alice.point });
    expect(full.success).toMatchObject({
      onlineUsers: [],
      presenceChange: { joined: [{ username: 'dave' }], left: [] },
    });
    expect(full.success).not.toHaveProperty('presenceEpoch');
    const none = await come(world, 'eve', { presenceSince: alice.point, presence: 'none' });
    expect(none.success.onlineUsers).toEqual([]);
    expect(none.success).not.toHaveProperty('presenceChange');
  });

  test('[PRES-9] presence_sync is answered by what changed since, or by everybody', async () => {
    const world = await stage('websocket');
    const { alice, bob, carol } = await three(world);
    const since = alice.point;
    const users = [
      { id: alice.client.id, username: 'alice' },
      { id: bob.id, username: 'bob' },
      { id: carol.id, username: 'carol' },
    ];
    expect(await synced(alice, {})).toEqual({ ...since, users });
    expect(await synced(alice, { since: { ...since, epoch: 'gone' } })).toEqual({ ...since, users });
    bob.close();
    await alice.until('alice', 'carol');
    expect(await synced(alice, { since })).toEqual({ ...alice.point, joined: [], left: [bob.id] });
    expect(await synced(alice, { since: alice.point })).toEqual({ ...alice.point, joined: [], left: [] });
  });

  test.each([
    ['presence_sync', {}],
    ['presence_sync', { since: { epoch: 'gone', version: 1 } }],
    ['join', undefined],
  ] as const)('[LIMIT-2] a list of everybody costs as much as ten events: %s %j', async (event, payload) => {
    const world = await stage('websocket', { limits: 'standard' });
    const { client } = await come(world, 'alice');
    let lists = 0;
    for (; ; lists += 1) {
      const answer = await client.ask(event, payload ?? { id: client.id, username: 'alice' });
      if (!answer.ok) {
        expect(answer).toMatchObject({ error: { code: 'rate_limited', retryAfterMs: expect.any(Number) } });
        break;
      }
    }
    expect(lists).toBeGreaterThanOrEqual(6);
    expect(lists).toBeLessThan(10);
  });

  test('[PRES-9] later changes go on from there', async () => {
    const world = await stage('websocket');
    const { alice } = await three(world);
    // what is not published yet is in the answer, and comes again
    const dave = await world.join('dave');
    alice.synced(await synced(alice, {}));
    expect(alice.names).toEqual(['alice', 'bob', 'carol', 'dave']);
    await world.join('eve');
    dave.close();
    await alice.until('alice', 'bob', 'carol', 'eve');
  });

  test('[PRES-9] without acknowledgement it is answered by presence_changed or presence_state', async () => {
    const world = await stage('websocket');
    const { alice } = await three(world);
    alice.client.send('presence_sync', { since: alice.point });
    expect(await alice.client.next('presence_changed')).toEqual({ ...alice.point, joined: [], left: [] });
    alice.client.send('presence_sync', {});
    const state = await alice.client.next('presence_state');
    expect(state).toMatchObject(alice.point);
    expect(named(state.users)).toEqual(['alice', 'bob', 'carol']);
    await alice.client.quiet('presence_changed', 'presence_state', 'signal_error');
  });

  test('[PRES-9] a device that hears lists, or nothing, may ask as well, and hears what it heard before', async () => {
    const world = await stage('websocket');
    const full = await world.join('full');
    const { client: none } = await come(world, 'none', { presence: 'none' });
    for (const client of [full, none]) {
      const answer = await client.ask('presence_sync', {});
      expect(answer).toMatchObject({ ok: true, users: [{ username: 'full' }, { username: 'none' }] });
    }
    await world.join('bob');
    await full.next('users_updated', (users) => users.length === 3);
    await full.quiet('presence_changed');
    await none.quiet('presence_changed', 'users_updated');
  });

  test.each([
    ['no object', null],
    ['a point without version', { since: { epoch: 'x' } }],
    ['a negative version', { since: { epoch: 'x', version: -1 } }],
    ['a fraction', { since: { epoch: 'x', version: 1.5 } }],
    ['a long epoch', { since: { epoch: 'x'.repeat(129), version: 1 } }],
  ])('[PRES-9] %s is refused', async (_, payload) => {
    const { join } = await stage('websocket');
    const alice = await join('alice');
    expect(await alice.refusal('presence_sync', payload)).toBe('invalid_payload');
  });
});
