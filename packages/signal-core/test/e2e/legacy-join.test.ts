import { describe, expect, test } from 'vitest';
import { AUTH_MODE, only } from './auth-mode.ts';
import { answer, callTo, ring, stillTalking, talk } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { candidate, OFFER } from './session-descriptions.ts';
import { stage } from './stage.ts';

const named = (users: { username: string }[]) => users.map((user) => user.username).sort();

describe.each(TRANSPORTS)('join over %s', (transport) => {
  test('[JOIN-1] is answered by the list of online users, the joined one among them', async () => {
    const { login, connect, join } = await stage(transport, { ringTimeoutMs: 20_000, graceMs: 7_000 });
    const bob = await join('bob');
    const alice = await connect('alice');
    const self = await login('alice');
    const success = await alice.join(self);
    expect(success).toEqual({
      message: 'Successfully connected to the server',
      onlineUsers: expect.arrayContaining([
        { id: self.id, username: 'alice', isOnline: true, socketId: alice.socket.id },
        { id: bob.id, username: 'bob', isOnline: true, socketId: bob.socket.id },
      ]),
      protocol: 2,
      self: { id: self.id, username: 'alice' },
      deviceId: expect.stringMatching(/^[\w.~-]{1,128}$/),
      calls: [],
      ringTimeoutMs: 20_000,
      graceMs: 7_000,
      iceServers: [],
      ...(AUTH_MODE !== 'open' && { expiresAt: expect.any(Number) }),
    });
    expect(success.onlineUsers).toHaveLength(2);
  });

  test('[JOIN-1] [ERR-1] an acknowledged join is answered by the same', async () => {
    const { login, connect } = await stage(transport);
    const user = await login('alice');
    const alice = await connect('alice');
    const reply = await alice.ask('join', user);
    expect(reply).toMatchObject({ ok: true, protocol: 2, self: { id: user.id, username: 'alice' } });
  });

  test('[JOIN-1] tells a device of its user’s live calls, and whether they are here', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    const tab = await join('bob');
    const { calls } = await tab.join({ id: bob.id, username: 'bob' });
    expect(calls).toEqual([
      {
        callId,
        role: 'callee',
        status: 'active',
        peer: { id: alice.id, username: 'alice' },
        callType: 'video',
        here: false,
      },
    ]);
  });

  only(['open'], 'strangers keep their ids there only')(
    '[JOIN-2] legacy behaviour 1: an id unknown to a restarted server is accepted as it is, without a token',
    async () => {
      const { connect, join } = await stage(transport);
      const bob = await join('bob');
      const alice = await connect('alice');
      const self = { id: '5f0c4a9e-from-local-storage', username: 'alice', isOnline: false };
      expect((await alice.join(self)).self).toEqual({ id: self.id, username: 'alice' });
      await talk(bob, alice);
    },
  );

  only(['open'], 'elsewhere the name is that of the credentials')(
    '[JOIN-2] an id known under another name takes the new name',
    async () => {
      const { get, login, connect } = await stage(transport);
      const { id } = await login('alice');
      const alice = await connect('alice');
      await alice.join({ id, username: 'alice the second' });
      expect(await (await get('/api/users')).json()).toMatchObject([{ id, username: 'alice the second' }]);
    },
  );

  test('[JOIN-3] join again under the same id answers again and changes nothing else', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    const before = alice.socket.id;
    const again = await alice.join({ id: alice.id, username: 'alice' });
    expect(named(again.onlineUsers)).toEqual(['alice', 'bob']);
    expect(again.calls).toMatchObject([{ callId, here: true }]);
    expect(alice.socket.id).toBe(before);
    await bob.quiet('call_ended', 'call_status');
    await alice.quiet('call_ended', 'session_replaced', 'incoming_call');
    await stillTalking(alice, bob, callId);
  });

  test('[JOIN-3] join under another id is refused', async () => {
    const { join, login } = await stage(transport);
    const alice = await join('alice');
    const mallory = await login('mallory');
    expect(await alice.refusal('join', mallory)).toBe('identity_mismatch');
    alice.send('join', mallory);
    expect(await alice.next('signal_error')).toMatchObject({ event: 'join', code: 'identity_mismatch' });
    await alice.quiet('join_success');
    const bob = await join('bob');
    await ring(bob, alice);
  });

  test('[JOIN-4] legacy behaviour 7: what was buffered before join is handled after it, in order', async () => {
    const { join, login, connect } = await stage(transport);
    const bob = await join('bob');
    const user = await login('alice');
    const alice = await connect('alice');
    const callId = 'made-by-the-client';
    alice.send('ice_candidate', { to: bob.id, candidate: candidate(1) });
    alice.send('call_user', { to: bob.id, from: user, callType: 'video', offer: OFFER, callId });
    alice.send('ice_candidate', { to: bob.id, candidate: candidate(2) });
    await alice.join(user);
    await bob.next('incoming_call', (call) => call.callId === callId);
    await answer(bob, alice, callId);
    expect([await bob.next('ice_candidate'), await bob.next('ice_candidate')]).toEqual([
      { callId, from: user.id, candidate: candidate(1) },
      { callId, from: user.id, candidate: candidate(2) },
    ]);
    expect(alice.order('join_success', 'call_status')).toEqual(['join_success', 'call_status']);
    await alice.quiet('signal_error');
  });

  test('[JOIN-4] held events come before any late ring', async () => {
    const { join, login, connect } = await stage(transport, { maxCallsPerUser: 2 });
    const [alice, carol, tab] = [await join('alice'), await join('carol'), await join('bob')];
    await ring(alice, tab);
    const late = await connect('bob, second tab');
    const bob = await login('bob');
    late.send('call_user', { to: carol.id, from: bob, callType: 'video', offer: OFFER });
    await late.join(bob);
    await carol.next('incoming_call');
    await late.quiet('incoming_call', 'signal_error');
  });

  test('[JOIN-4] holds 64 events; one more is refused', async () => {
    const { login, connect } = await stage(transport);
    const alice = await connect('alice');
    const answers = Array.from({ length: 65 }, () => alice.ask('end_call', { callId: 'none' }));
    expect(await answers[64]).toMatchObject({ ok: false, error: { code: 'rate_limited' } });
    await alice.join(await login('alice'));
    const held = await Promise.all(answers.slice(0, 64));
    expect(new Set(held.map((one) => !one.ok && one.error.code))).toEqual(new Set(['call_not_found']));
  });

  test('[JOIN-4] holds 64 KiB; what is over is refused', async () => {
    const { login, connect } = await stage(transport);
    const alice = await connect('alice');
    const offer = { type: 'offer', sdp: `v=0\r\n${'a'.repeat(30_000)}` };
    const call = { to: 'nobody', callType: 'video', offer };
    const answers = Array.from({ length: 3 }, () => alice.ask('call_user', call));
    expect(await answers[2]).toMatchObject({ ok: false, error: { code: 'rate_limited' } });
    await alice.join(await login('alice'));
    for (const held of await Promise.all(answers.slice(0, 2))) {
      expect(held).toMatchObject({ ok: false, error: { code: 'user_offline' } });
    }
  });

  test('[JOIN-5] without a join the connection ends, and what waits is refused', async () => {
    const { connect } = await stage(transport, { joinTimeoutMs: 250 });
    const alice = await connect('alice');
    const asked = alice.ask('end_call', { callId: 'x' });
    alice.send('reject_call', { callId: 'x' });
    expect(await asked).toMatchObject({ ok: false, error: { code: 'not_joined' } });
    expect(await alice.next('signal_error')).toMatchObject({ event: 'reject_call', code: 'not_joined' });
    expect(await alice.next('disconnect')).toBe('io server disconnect');
  });

  test('[JOIN-5] a joined connection outlives the deadline', async () => {
    const { connect, join } = await stage(transport, { joinTimeoutMs: 250 });
    const alice = await join('alice');
    // A connection made later runs into its own deadline: then the one of alice has passed.
    await (await connect('late')).next('disconnect');
    await alice.quiet('disconnect', 'signal_error');
  });

  test('[JOIN-6] ping is answered by pong, joined or not', async () => {
    const { connect, login } = await stage(transport);
    const alice = await connect('alice');
    alice.send('ping');
    await alice.next('pong');
    await alice.join(await login('alice'));
    alice.send('ping');
    await alice.next('pong');
    expect(await alice.ask('ping')).toMatchObject({ ok: true });
  });

  test('[JOIN-7] a device keeps the id it names, and one without gets its own', async () => {
    const { join } = await stage(transport);
    const phone = await join('alice', { deviceId: 'phone-1' });
    expect(phone.deviceId).toBe('phone-1');
    const [tab, other] = [await join('alice'), await join('alice')];
    expect(new Set([phone.deviceId, tab.deviceId, other.deviceId]).size).toBe(3);
  });

  test('[JOIN-7] [LOSS-7] a second connection of the same device wins, and keeps its call', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob', { deviceId: 'phone' })];
    const callId = await talk(alice, bob);
    await alice.next('users_updated', (users) => users.length === 2);
    alice.forget();
    const second = await join('bob', { deviceId: 'phone' });
    expect(await bob.next('session_replaced')).toMatchObject({ message: expect.any(String) });
    await bob.next('disconnect');
    await stillTalking(alice, second, callId);
    await alice.quiet('call_ended');
    await join('carol');
    const lists = [await alice.next('users_updated', (users) => users.length === 3), ...alice.take('users_updated')];
    for (const list of lists) expect(named(list)).toContain('bob');
  });

  test('[JOIN-8] leave takes the device offline at once and ends its calls; it may join again', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    await alice.next('users_updated', (users) => users.length === 2);
    alice.forget();
    expect(await bob.ask('leave')).toMatchObject({ ok: true });
    expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
    await alice.next('users_updated', (users) => named(users).join() === 'alice');
    expect(await alice.refusal('call_user', callTo(alice, bob))).toBe('user_offline');
    await bob.join({ id: bob.id, username: 'bob' });
    await talk(alice, bob);
  });

  test('[JOIN-5] [JOIN-8] after leave the deadline runs again: nothing waits for ever', async () => {
    const { join } = await stage(transport, { joinTimeoutMs: 300 });
    const alice = await join('alice');
    expect(await alice.ask('leave')).toMatchObject({ ok: true });
    expect(await alice.refusal('end_call', { callId: 'x' })).toBe('not_joined');
  });
});
