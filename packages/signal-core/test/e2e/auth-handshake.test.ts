import type { IncomingMessage } from 'node:http';
import type { Identity } from 'signal-core';
import { describe, expect, test } from 'vitest';
import { guarded } from './auth-steps.ts';
import { callTo } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { stage } from './stage.ts';

const ann = { id: 'ann', username: 'whatever' };
const refusal = (code: string) => ({ code, message: expect.any(String) });

describe.each(TRANSPORTS)('who connects over %s', (transport) => {
  test('[AUTH-2] a token of the handshake says who joins, and by what name', async () => {
    const { client, token, clock, signaling } = await guarded(transport);
    const alice = await client('ann', { auth: { token: await token('ann', { name: 'Ann' }) } }).connect();
    const success = await alice.join(ann);
    expect(success.self).toEqual({ id: 'ann', username: 'Ann' });
    expect(success.expiresAt).toBe(clock.now() + 600_000);
    expect(await signaling.onlineUsers()).toMatchObject([{ id: 'ann', username: 'Ann' }]);
    expect((await alice.join(ann)).expiresAt).toBe(clock.now() + 600_000);
  });

  test('[AUTH-2] without one the token of `join` does', async () => {
    const { client, token, clock } = await guarded(transport);
    const alice = await client('ann').connect();
    const { self, expiresAt } = await alice.join({ ...ann, token: await token('ann') });
    expect([self.id, expiresAt]).toEqual(['ann', clock.now() + 600_000]);
  });

  test('[AUTH-1] [AUTH-2] without any, nobody joins, calls, or hears anything', async () => {
    const { client, join, signaling, token } = await guarded(transport);
    const bob = await join('bob');
    const query = `?token=${await token('ann')}`;
    const stranger = await client('stranger', { query, auth: { Token: await token('ann') } }).connect();
    stranger.send('join', ann);
    expect(await stranger.next('signal_error')).toMatchObject({ event: 'join', code: 'unauthorized' });
    expect(await stranger.refusal('join', ann)).toBe('unauthorized');
    expect(await stranger.refusal('join', { ...ann, token: 7 })).toBe('unauthorized');
    expect(await stranger.refusal('join', { ...ann, token: 'x'.repeat(5_000) })).toBe('unauthorized');
    stranger.send('call_user', callTo(bob, bob));
    await stranger.quiet('join_success', 'users_updated');
    await bob.quiet('incoming_call');
    expect(await signaling.onlineUsers()).toHaveLength(1);
  });

  test.each<[what: string, code: string, token: unknown]>([
    ['no token', 'unauthorized', 'no token'],
    ['an empty one', 'unauthorized', ''],
    ['a number', 'unauthorized', 7],
    ['an object', 'unauthorized', { toString: 'x' }],
    ['one of 5 KB', 'unauthorized', 'x'.repeat(5_000)],
  ])('[AUTH-3] a handshake with %s is refused', async (_, code, token) => {
    const { refused } = await guarded(transport);
    expect(await refused({ auth: { token } })).toEqual(refusal(code));
  });

  test('[AUTH-3] [AUTH-4] one that lapsed is told so; neither is found in the log', async () => {
    const { refused, token, clock, logger } = await guarded(transport);
    const [lapsed, forged] = [await token('ann'), `${await token('ann')}x`];
    await clock.advance(640_000);
    expect(await refused({ auth: { token: lapsed } })).toEqual(refusal('token_expired'));
    expect(await refused({ auth: { token: forged } })).toEqual(refusal('unauthorized'));
    for (const part of [lapsed, forged].flatMap((each) => each.split('.'))) {
      expect(logger.all.join()).not.toContain(part);
    }
  });

  test('[AUTH-2] [AUTH-3] all credentials of a connection name one subject', async () => {
    const { client, token, signaling } = await guarded(transport);
    const alice = await client('ann', { auth: { token: await token('ann') } }).connect();
    expect(await alice.refusal('join', { id: 'bob', username: 'bob' })).toBe('identity_mismatch');
    expect(await alice.refusal('join', { ...ann, token: await token('bob') })).toBe('identity_mismatch');
    expect(await alice.refusal('join', { id: 'bob', username: 'bob', token: await token('bob') })).toBe(
      'identity_mismatch',
    );
    expect(await alice.refusal('join', { ...ann, token: 'no token' })).toBe('unauthorized');
    expect((await alice.join(ann)).self.id).toBe('ann');
    expect(await alice.refusal('join', { ...ann, token: await token('bob') })).toBe('identity_mismatch');
    expect(await signaling.onlineUsers()).toHaveLength(1);
    const late = await client('late').connect();
    expect(await late.refusal('join', { ...ann, token: await token('bob') })).toBe('identity_mismatch');
    expect(await late.refusal('join', { ...ann, token: await token('ann') })).toBe('identity_mismatch');
  });

  test('[AUTH-2] the host’s authenticate reads the request: a cookie, asked once, and only without a token', async () => {
    const asked: (string | undefined)[] = [];
    const authenticate = ({ headers }: IncomingMessage): Identity | null => {
      asked.push(headers.cookie);
      return headers.cookie === 'session=7' ? { id: 'ann', username: 'Ann' } : null;
    };
    const verifyToken = (token: string) => ({ id: token, username: token });
    const { client, refused } = await guarded(transport, { auth: { authenticate, verifyToken } });
    const alice = await client('ann', { headers: { cookie: 'session=7' } }).connect();
    const { self, expiresAt } = await alice.join(ann);
    expect([self, expiresAt]).toEqual([{ id: 'ann', username: 'Ann' }, undefined]);
    const nobody = await client('nobody', { headers: { cookie: 'session=8' } }).connect();
    expect(await nobody.refusal('join', ann)).toBe('unauthorized');
    expect((await nobody.join({ id: 'bob', username: 'x', token: 'bob' })).self.username).toBe('bob');
    const byToken = await client('carol', { headers: { cookie: 'session=7' }, auth: { token: 'carol' } }).connect();
    expect((await byToken.join({ id: 'carol', username: 'x' })).self.id).toBe('carol');
    expect(asked).toEqual(['session=7', 'session=8']);
    expect(await refused({ auth: { token: 'no id' } })).toEqual(refusal('unauthorized'));
  });

  test('[AUTH-5] a host that fails makes it unavailable: no connection, no join', async () => {
    const verifyToken = (token: string) => {
      throw new Error(token);
    };
    const { client, refused, logger } = await guarded(transport, { auth: { verifyToken } });
    expect(await refused({ auth: { token: 'not-to-be-logged' } })).toEqual(refusal('unavailable'));
    const alice = await client('ann').connect();
    expect(await alice.refusal('join', { ...ann, token: 'not-to-be-logged' })).toBe('unavailable');
    expect(logger.all.join()).not.toContain('not-to-be-logged');
  });

  test('[AUTH-5] a host that never answers holds nobody longer than 2 s', async () => {
    let asked = () => {};
    const verifyToken = () => {
      asked();
      return new Promise<Identity>(() => {});
    };
    const { client, refused, clock } = await guarded(transport, { auth: { verifyToken } });
    const isAsked = () =>
      new Promise<void>((resolve) => {
        asked = resolve;
      });
    const alice = await client('ann').connect();
    for (const wait of [() => refused({ auth: { token: 'x' } }), () => alice.ask('join', { ...ann, token: 'x' })]) {
      const [asking, answer] = [isAsked(), wait()];
      await asking;
      await clock.advance(2_000);
      expect(JSON.stringify(await answer)).toContain('unavailable');
    }
    // what came behind it is handled
    await alice.settle();
  });

  test('[AUTH-14] the scope of an identity counts over scopeOf', async () => {
    const verifyToken = (token: string) => {
      const [id = '', scope] = token.split('@');
      return { id, username: id, ...(scope !== undefined && { scope }) };
    };
    const { client } = await guarded(transport, { auth: { verifyToken }, scopeOf: () => 'other' });
    const come = async (id: string, token: string) => {
      const coming = await client(id, { auth: { token } }).connect();
      return { coming, success: await coming.join({ id, username: id }) };
    };
    const carol = await come('carol', 'carol');
    const alice = await come('ann', 'ann@acme');
    const bob = await come('bob', 'bob@acme');
    expect(bob.success.onlineUsers.map(({ id }) => id).sort()).toEqual(['ann', 'bob']);
    expect(await carol.coming.refusal('call_user', callTo(carol.coming, bob.coming))).toBe('user_offline');
    expect(await alice.coming.ask('call_user', callTo(alice.coming, bob.coming))).toMatchObject({ ok: true });
  });

  test('[AUTH-1] in open nobody needs a token, and what is shown as one counts for nothing', async () => {
    const { connect } = await stage(transport);
    const alice = await connect('ann', { auth: { token: 'x'.repeat(5_000) } });
    const success = await alice.join({ ...ann, token: 'y'.repeat(5_000) });
    expect(success.self).toEqual(ann);
    expect(success).not.toHaveProperty('expiresAt');
    expect(await alice.ask('auth_refresh', { token: 'z' })).toEqual({ ok: true });
  });
});
