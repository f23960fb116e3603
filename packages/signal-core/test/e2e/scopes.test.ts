import { createServer } from 'node:http';
import express from 'express';
import { type ScopeHook, SignalingServer } from 'signal-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { callTo, ring, talk } from './call-steps.ts';
import type { LegacyClient } from './legacy-client.ts';
import { come, named, watch } from './presence-steps.ts';
import { ANSWER } from './session-descriptions.ts';
import { postJson, stage } from './stage.ts';
import { listen } from './start.ts';

/** `red alice` is in the scope `red`; who has no such name is in `''`. */
const byColour: ScopeHook = ({ username }) => /^(red|blue) /.exec(username ?? '')?.[1] ?? '';
const twoTenants = { scopeOf: byColour, graceMs: 500 };

/** Errors that the server logged. */
function errorLog() {
  const messages: string[] = [];
  const nothing = () => {};
  const logger = {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: (_: object, text: string) => messages.push(text),
  };
  return { messages, logger };
}

/** What a caller hears of a refused call, without ids. */
function heardBy({ log }: LegacyClient) {
  return log
    .filter(({ event }) => event.startsWith('call_') || event === 'signal_error')
    .map(({ event, payload }) => ({ event, ...Object(payload), callId: undefined }));
}

describe('users of different scopes', () => {
  test('[PRES-11] do not see each other, however they hear of presence', async () => {
    const world = await stage('websocket', twoTenants);
    const blue = await world.join('blue bob');
    const full = await come(world, 'red full');
    const delta = await watch(world, 'red delta');
    const chosen = await come(world, 'red chosen', { presence: 'none' });
    const plain = await world.login('blue carol');
    expect(named(full.success.onlineUsers)).toEqual(['red full']);
    expect(delta.names).toEqual(['red delta', 'red full']);
    expect(await chosen.client.ask('presence_subscribe', { ids: [blue.id, plain.id] })).toEqual({
      ok: true,
      users: [],
    });
    const carol = await world.join('blue carol');
    blue.close();
    await world.join('plain');
    await world.join('red dora');
    await delta.until('red delta', 'red full', 'red chosen', 'red dora');
    const list = await full.client.next('users_updated', (users) => users.length === 4);
    expect(named(list)).toEqual(['red chosen', 'red delta', 'red dora', 'red full']);
    expect(await delta.client.ask('presence_sync', {})).toMatchObject({
      users: expect.objectContaining({ length: 4 }),
    });
    await chosen.client.quiet('presence_changed', 'users_updated');
    const seen = [full.client, delta.client, chosen.client].flatMap(({ log }) => JSON.stringify(log));
    expect(seen.join()).not.toMatch(/blue|plain/);
    await carol.next('users_updated', (users) => users.length === 1 && named(users)[0] === 'blue carol');
  });

  test('[PRES-11] each count versions of their own', async () => {
    const world = await stage('websocket', twoTenants);
    const [red, blue] = [await watch(world, 'red alice'), await watch(world, 'blue bob')];
    expect(red.epoch).not.toBe(blue.epoch);
    await world.join('red carol');
    await red.until('red alice', 'red carol');
    while (blue.version < 1) await blue.next();
    const back = await come(world, 'blue dave', { presence: 'delta', presenceSince: red.point });
    expect(named(back.success.onlineUsers)).toEqual(['blue bob', 'blue dave']);
  });

  test('[PRES-11] do not ring each other: a call is refused exactly as one to nobody', async () => {
    const asked: string[] = [];
    const world = await stage('websocket', { ...twoTenants, onUnreachable: ({ to }) => asked.push(to.id) < 0 });
    const red = await world.join('red alice');
    const [blue, other] = [await world.join('blue bob'), await world.join('blue carol')];
    const offline = await world.login('blue offline');
    const answers = [];
    for (const to of [blue.id, offline.id, 'nobody']) {
      const answer = await red.ask('call_user', callTo(red, { id: to }, { callId: `to-${to}` }));
      answers.push(JSON.parse(JSON.stringify(answer).replaceAll(to, '…')));
    }
    expect(answers[0]).toMatchObject({ ok: false, error: { code: 'user_offline' } });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    // neither is it told who is busy, or asked for a push message
    await talk(blue, other);
    for (const to of [blue.id, 'nobody']) {
      red.forget();
      red.send('call_user', callTo(red, { id: to }));
      await red.next('call_status', (call) => call.status === 'user_offline');
      await red.settle();
      answers.push(heardBy(red));
    }
    expect(answers[3]).toEqual(answers[4]);
    await blue.quiet('incoming_call');
    expect(asked).toEqual([]);
  });

  test('[PRES-11] do ring each other within a scope, and the host is asked about who is offline there', async () => {
    const asked: string[] = [];
    const world = await stage('websocket', { ...twoTenants, onUnreachable: ({ to }) => asked.push(to.id) > 0 });
    const [alice, bob] = [await world.join('red alice'), await world.join('red bob')];
    await talk(alice, bob);
    const carol = await world.join('red carol');
    const dave = await world.login('red dave');
    expect(await carol.ask('call_user', callTo(carol, dave))).toMatchObject({ ok: true, status: 'ringing' });
    expect(asked).toEqual([dave.id]);
    const woken = await world.join('red dave');
    const { callId } = await woken.next('incoming_call');
    woken.send('accept_call', { callId, answer: ANSWER });
    await carol.next('call_accepted');
  });

  test('[PRES-11] a user’s devices of another scope are not rung, at once or late', async () => {
    let scope = 'red';
    const world = await stage('websocket', { scopeOf: () => scope });
    const alice = await world.join('alice');
    const bob = await world.join('bob');
    scope = 'blue';
    const elsewhere = await world.join('bob');
    const callId = await ring(alice, bob);
    const late = await world.join('bob');
    await late.quiet('incoming_call');
    await elsewhere.quiet('incoming_call');
    scope = 'red';
    const here = await world.join('bob');
    expect((await here.next('incoming_call')).callId).toBe(callId);
  });

  test('[PRES-11] a scope is read once, at `join`', async () => {
    const asked: object[] = [];
    let scope = 'red';
    const world = await stage('websocket', {
      scopeOf: (user) => {
        asked.push({ ...user, ...Object.assign(user, { email: 'x@y.z' }) });
        return scope;
      },
    });
    const alice = await watch(world, 'alice');
    const bob = await world.join('bob');
    await alice.until('alice', 'bob');
    scope = 'blue';
    await bob.join({ id: bob.id, username: 'bob' });
    await ring(alice.client, bob);
    expect(asked).toEqual([
      { id: alice.client.id, username: 'alice', email: 'x@y.z' },
      { id: bob.id, username: 'bob', email: 'x@y.z' },
    ]);
    expect(await world.signaling.onlineUsers()).toMatchObject([{ username: 'alice' }, { username: 'bob' }]);
    bob.send('leave');
    await alice.until('alice');
    expect(named((await bob.join({ id: bob.id, username: 'bob' })).onlineUsers)).toEqual(['bob']);
  });

  const failing: [string, ScopeHook][] = [
    [
      'throws',
      () => {
        throw new Error('no database');
      },
    ],
    ['names no scope', () => undefined as unknown as string],
    ['answers later', () => Promise.reject(new Error('too late')) as unknown as string],
  ];
  test.each(failing)('[PRES-11] [CALL-22] a hook that %s refuses the join, and no more', async (_, fail) => {
    const { messages, logger } = errorLog();
    const scopeOf: ScopeHook = (user) => (user.username === 'broken' ? fail(user) : '');
    const world = await stage('websocket', { scopeOf, logger });
    const alice = await world.join('alice');
    const broken = await world.connect('broken');
    expect(await broken.refusal('join', { id: 'broken', username: 'broken' })).toBe('unavailable');
    expect(messages).toEqual(['a hook of the host failed']);
    await broken.join({ id: 'broken', username: 'mended' });
    await ring(alice, broken);
  });

  test('[PRES-11] [CALL-22] a hook that fails at a call to somebody offline refuses the call, and no more', async () => {
    const { messages, logger } = errorLog();
    const scopeOf = ({ username }: { username?: string }) => {
      if (username === undefined) throw new Error('nobody of that name');
      return '';
    };
    const world = await stage('websocket', { scopeOf, logger });
    const [alice, bob] = [await world.join('alice'), await world.join('bob')];
    expect(await alice.refusal('call_user', callTo(alice, { id: 'nobody' }))).toBe('unavailable');
    expect(messages).toEqual(['a hook of the host failed']);
    await ring(alice, bob);
  });

  test('[PRES-12] the REST lists show one scope, and what counts counts all of them', async () => {
    const world = await stage('websocket', twoTenants);
    const get = async (path: string) => (await (await fetch(`${world.url}${path}`)).json()) as { username: string }[];
    const red = await world.join('red alice');
    await world.join('blue bob');
    await world.join('plain');
    await world.login('red offline');
    await world.login('blue offline');
    expect(named(await get('/api/users?scope=red'))).toEqual(['red alice', 'red offline']);
    expect(await get('/api/online-users?scope=red')).toEqual([
      { id: red.id, username: 'red alice', isOnline: true, socketId: red.socket.id },
    ]);
    expect(named(await get('/api/users?other=1&scope=blue'))).toEqual(['blue bob', 'blue offline']);
    for (const query of ['', '?scope=', '?scope']) {
      expect(named(await get(`/api/users${query}`))).toEqual(['plain']);
      expect(named(await get(`/api/online-users${query}`))).toEqual(['plain']);
    }
    expect(await get('/api/users?scope=none')).toEqual([]);
    expect(await get('/api/online-users?scope=none')).toEqual([]);
    expect(await get('/health')).toMatchObject({ activeUsers: 3 });
    expect(await world.signaling.stats()).toMatchObject({ activeUsers: 3 });
    expect(named(await world.signaling.onlineUsers())).toEqual(['blue bob', 'plain', 'red alice']);
  });

  test('[PRES-12] a user of another scope is not listed as offline here', async () => {
    let scope = 'red';
    const world = await stage('websocket', { scopeOf: () => scope });
    await world.join('alice');
    scope = 'blue';
    const users = await (await fetch(`${world.url}/api/users?scope=blue`)).json();
    expect(users).toEqual([]);
    expect(await (await fetch(`${world.url}/api/users?scope=red`)).json()).toMatchObject([{ isOnline: true }]);
  });

  test('[PRES-12] unless the host says which scope a request may see, it is that of nobody', async () => {
    const signaling = new SignalingServer({ auth: 'open', ...twoTenants });
    const app = express().use(signaling.router());
    const server = createServer(app);
    signaling.attach(server);
    const { url, stop } = await listen(server);
    onTestFinished(async () => {
      await signaling.close();
      await stop();
    });
    await postJson(`${url}/api/login`, { username: 'red alice', password: 'x' });
    await postJson(`${url}/api/login`, { username: 'plain', password: 'x' });
    expect(named((await (await fetch(`${url}/api/users?scope=red`)).json()) as { username: string }[])).toEqual([
      'plain',
    ]);
  });

  test('[PRES-12] without `scopeOf` the request says nothing', async () => {
    const world = await stage('websocket');
    await world.join('alice');
    for (const path of ['/api/users?scope=red', '/api/online-users?scope=red']) {
      expect(await (await fetch(`${world.url}${path}`)).json()).toMatchObject([{ username: 'alice' }]);
    }
  });
});
