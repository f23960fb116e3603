import type { Identity } from 'signal-core';
import { describe, expect, test } from 'vitest';
import { guarded, pass } from './auth-steps.ts';
import { stillTalking, talk } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { told } from './loss-steps.ts';

/** Tokens of these tests last so long. */
const TTL_MS = 600_000;
const GRACE_MS = 60_000;

/** `<scope>/<id>`, or an id of no scope. */
function verifyToken(token: string): Identity {
  const [id = '', scope] = token.split('/').reverse();
  return { id, username: id, ...(scope !== undefined && { scope }) };
}

describe.each(TRANSPORTS)('credentials over %s', (transport) => {
  test('[AUTH-11] are renewed by auth_refresh, which says until when', async () => {
    const { join, token, clock } = await guarded(transport);
    const alice = await join('ann');
    await pass(clock, 300_000, alice);
    const answer = await alice.ask('auth_refresh', { token: await token('ann') });
    expect(answer).toEqual({ ok: true, expiresAt: clock.now() + TTL_MS });
    await pass(clock, TTL_MS + GRACE_MS - 1, alice);
    await alice.quiet('disconnect');
    expect((await alice.join({ id: 'ann', username: 'ann' })).expiresAt).toBe(clock.now() - GRACE_MS + 1);
  });

  test('[AUTH-11] of another subject, or no good, change nothing', async () => {
    const { join, token, clock } = await guarded(transport);
    const [alice, bob] = [await join('ann'), await join('bob')];
    const callId = await talk(alice, bob);
    const old = await token('ann');
    await pass(clock, 300_000, alice, bob);
    expect(await alice.refusal('auth_refresh', { token: await token('bob') })).toBe('identity_mismatch');
    for (const bad of ['no token', '', 'x'.repeat(5_000), `${old}x`]) {
      expect(await alice.refusal('auth_refresh', { token: bad })).toBe('unauthorized');
    }
    expect(await alice.refusal('auth_refresh', {})).toBe('invalid_payload');
    await stillTalking(alice, bob, callId);
    await bob.ask('auth_refresh', { token: await token('bob') });
    await pass(clock, 300_000 + GRACE_MS, bob);
    await alice.next('disconnect');
  });

  test('[AUTH-11] of another scope change nothing: the device is where it came to', async () => {
    const { client } = await guarded(transport, { auth: { verifyToken }, scopeOf: () => 'house' });
    const joined = async (token: string) => {
      const joining = await client('ann', { auth: { token } }).connect();
      await joining.join({ id: 'ann', username: 'ann' });
      return joining;
    };
    const alice = await joined('acme/ann');
    for (const other of ['evil/ann', 'ann']) {
      expect(await alice.refusal('auth_refresh', { token: other })).toBe('identity_mismatch');
      expect(await alice.refusal('join', { id: 'ann', username: 'ann', token: other })).toBe('identity_mismatch');
    }
    expect(await alice.ask('auth_refresh', { token: 'acme/ann' })).toMatchObject({ ok: true });
    const inTheHouse = await joined('ann');
    expect(await inTheHouse.refusal('auth_refresh', { token: 'acme/ann' })).toBe('identity_mismatch');
    for (const same of ['house/ann', 'house/ann']) {
      expect(await inTheHouse.ask('auth_refresh', { token: same })).toMatchObject({ ok: true });
    }
    // until it has joined, it may be anywhere
    const early = await client('ann', { auth: { token: 'acme/ann' } }).connect();
    await early.join({ id: 'ann', username: 'ann', token: 'evil/ann' });
  });

  test('[AUTH-12] 60 s after they lapsed the transport is closed; who returns with others in time keeps the call', async () => {
    const { join, token, clock } = await guarded(transport);
    const [alice, bob] = [await join('ann'), await join('bob', { exp: clock.now() / 1000 + 3_600 })];
    const callId = await talk(alice, bob);
    await pass(clock, TTL_MS + GRACE_MS - 1, alice, bob);
    await alice.quiet('disconnect');
    await pass(clock, 1, bob);
    // not a disconnect by the server, after which clients stay away
    expect(await alice.next('disconnect')).toMatch(/^transport/);
    expect(await told(bob, 'peer_reconnecting')).toMatchObject({ callId });
    const refused: unknown = await alice.connect().catch((error: unknown) => error);
    expect(refused).toMatchObject({ data: { code: 'token_expired' } });
    alice.socket.auth = { token: await token('ann') };
    await alice.comeBack();
    expect(await told(bob, 'peer_reconnected')).toMatchObject({ callId });
    await stillTalking(alice, bob, callId);
    await bob.quiet('call_ended');
  });

  test('[AUTH-12] [LOSS-5] who does not return in time ends the call', async () => {
    const { join, clock } = await guarded(transport);
    const [alice, bob] = [await join('ann'), await join('bob', { exp: clock.now() / 1000 + 3_600 })];
    const callId = await talk(alice, bob);
    await pass(clock, TTL_MS + GRACE_MS);
    await alice.next('disconnect');
    await told(bob, 'peer_reconnecting');
    await pass(clock, 16_000);
    expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
  });

  test('[AUTH-12] of a connection that is gone nobody waits to lapse', async () => {
    const { join, clock, signaling } = await guarded(transport);
    const before = clock.pending;
    const [alice, bob] = [await join('ann'), await join('bob')];
    await pass(clock, 1_000, alice, bob);
    expect(clock.pending).toBeGreaterThan(before);
    alice.close();
    bob.close();
    await expect.poll(async () => (await signaling.stats()).connections).toBe(0);
    await pass(clock, 30_000);
    expect(clock.pending).toBe(before);
  });
});
