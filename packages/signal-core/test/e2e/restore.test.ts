import { describe, expect, test } from 'vitest';
import { stillTalking, talk } from './call-steps.ts';
import { type LegacyClient, TRANSPORTS } from './legacy-client.ts';
import { told } from './loss-steps.ts';
import { joinResuming } from './resume-steps.ts';
import { stage } from './stage.ts';

/** What the two ends of a call say of it to a server that has never heard of it. */
const WAITING = { ok: true, status: 'waiting' };
const claim = (peer: LegacyClient, role: 'caller' | 'callee', change: object = {}) => ({
  callId: 'from-before',
  peer: peer.id,
  role,
  callType: 'video',
  ...change,
});

describe.each(TRANSPORTS)('a call that a restart lost, over %s', (transport) => {
  test('[RESUME-7] is active again when both ends claim it', async () => {
    const here = await stage(transport);
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    expect(await alice.ask('call_restore', claim(bob, 'caller'))).toEqual({ ok: true, status: 'waiting' });
    await bob.quiet('call_status', 'incoming_call');
    expect(await here.signaling.activeCalls()).toEqual([]);
    expect(await bob.ask('call_restore', claim(alice, 'callee'))).toEqual({ ok: true, status: 'active' });
    expect(await told(alice, 'peer_reconnected')).toMatchObject({ callId: 'from-before', seq: 1 });
    expect(await here.signaling.activeCalls()).toMatchObject([
      { id: 'from-before', status: 'active', from: { id: alice.id }, to: { id: bob.id } },
    ]);
    await stillTalking(alice, bob, 'from-before');
    expect(await alice.ask('call_restore', claim(bob, 'caller'))).toEqual({ ok: true, status: 'active' });
    await bob.ask('end_call', { callId: 'from-before' });
    expect(await alice.next('call_ended')).toMatchObject({ reason: 'hangup', by: bob.id });
  });

  test('[RESUME-7] claims of the same role, another call type or another peer restore nothing', async () => {
    const here = await stage(transport);
    const [alice, bob, carol] = [
      await joinResuming(here, 'alice'),
      await joinResuming(here, 'bob'),
      await joinResuming(here, 'carol'),
    ];
    await alice.ask('call_restore', claim(bob, 'caller'));
    for (const [device, payload] of [
      [bob, claim(alice, 'caller')],
      [bob, claim(alice, 'callee', { callType: 'audio' })],
      [bob, claim(carol, 'callee')],
      [carol, claim(alice, 'callee')],
    ] as const) {
      expect(await device.ask('call_restore', payload)).toEqual({ ok: true, status: 'waiting' });
    }
    expect(await here.signaling.activeCalls()).toEqual([]);
    await alice.quiet('call_status', 'call_ended');
  });

  test('[RESUME-8] a party that comes back on another connection claims again', async () => {
    const here = await stage(transport);
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    await alice.ask('call_restore', claim(bob, 'caller'));
    await alice.drop();
    await alice.comeBack();
    expect(await alice.ask('call_restore', claim(bob, 'caller'))).toEqual({ ok: true, status: 'waiting' });
    await bob.ask('call_restore', claim(alice, 'callee'));
    await told(alice, 'peer_reconnected');
    await stillTalking(alice, bob, 'from-before');
  });

  test('[RESUME-7] [LOSS-5] when the first party is lost again, the restored call waits for it as any other', async () => {
    const here = await stage(transport, { graceMs: 300 });
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    await alice.ask('call_restore', claim(bob, 'caller'));
    await alice.drop();
    expect(await bob.ask('call_restore', claim(alice, 'callee'))).toEqual({ ok: true, status: 'active' });
    await told(bob, 'peer_reconnecting');
    expect(await bob.next('call_ended')).toMatchObject({ reason: 'peer_disconnected' });
  });

  test('[RESUME-9] a live call is active for its own ends, and for anybody else as one that is not there', async () => {
    const here = await stage(transport);
    const [alice, bob, carol] = [
      await joinResuming(here, 'alice'),
      await joinResuming(here, 'bob'),
      await joinResuming(here, 'carol'),
    ];
    const tablet = await joinResuming(here, 'bob', 'bob-tablet');
    const callId = await talk(alice, bob);
    expect(await bob.ask('call_restore', claim(alice, 'callee', { callId }))).toEqual({ ok: true, status: 'active' });
    expect(await tablet.refusal('call_restore', claim(alice, 'callee', { callId }))).toBe('invalid_state');
    const dave = await joinResuming(here, 'dave');
    const outsiders = async () => {
      expect(await carol.ask('call_restore', claim(dave, 'callee', { callId }))).toEqual(WAITING);
      expect(await dave.ask('call_restore', claim(carol, 'caller', { callId }))).toEqual(WAITING);
      // as for a claim of one's own
      expect(await carol.ask('end_call', { callId })).toEqual({ ok: true });
      expect(await carol.refusal('end_call', { callId })).toBe('call_not_found');
    };
    await outsiders();
    await stillTalking(alice, bob, callId);
    await alice.ask('end_call', { callId });
    expect(await bob.refusal('call_restore', claim(alice, 'callee', { callId }))).toBe('call_not_found');
    await outsiders();
    for (const client of [bob, carol, dave]) await client.quiet('call_status');
  });

  test('[RESUME-9] authorizeCall is asked, with the first caller as the one who calls', async () => {
    const asked: object[] = [];
    const here = await stage(transport, {
      authorizeCall(request) {
        asked.push(request);
        return request.from.username === 'alice';
      },
    });
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    expect(await bob.ask('call_restore', claim(alice, 'callee'))).toEqual({ ok: true, status: 'waiting' });
    expect(asked).toEqual([]);
    expect(await alice.ask('call_restore', claim(bob, 'caller'))).toEqual({ ok: true, status: 'active' });
    expect(asked).toEqual([
      {
        callId: 'from-before',
        from: { id: alice.id, username: 'alice' },
        to: { id: bob.id, username: 'bob' },
        callType: 'video',
        isRestore: true,
      },
    ]);
    await alice.ask('call_restore', claim(bob, 'callee', { callId: 'another' }));
    expect(await bob.refusal('call_restore', claim(alice, 'caller', { callId: 'another' }))).toBe('forbidden');
    expect(await here.signaling.activeCalls()).toHaveLength(1);
  });

  test('[RESUME-8] whoever hangs up takes the claim back', async () => {
    const here = await stage(transport);
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    await alice.ask('call_restore', claim(bob, 'caller'));
    expect(await bob.refusal('end_call', { callId: 'from-before' })).toBe('call_not_found');
    expect(await alice.ask('end_call', { callId: 'from-before' })).toEqual({ ok: true });
    expect(await bob.ask('call_restore', claim(alice, 'callee'))).toEqual({ ok: true, status: 'waiting' });
    expect(await alice.refusal('end_call', { callId: 'from-before' })).toBe('call_not_found');
  });

  test('[RESUME-8] two who agree on everything do not restore more than 32 calls', async () => {
    const here = await stage(transport);
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    for (let call = 0; call < 32; call += 1) {
      await alice.ask('call_restore', claim(bob, 'caller', { callId: `${call}` }));
      await bob.ask('call_restore', claim(alice, 'callee', { callId: `${call}` }));
    }
    expect(await here.signaling.activeCalls()).toHaveLength(32);
    expect(await alice.refusal('call_restore', claim(bob, 'caller'))).toBe('busy');
  });

  test('[RESUME-9] [HOST-11] what the hook does to what it is given reaches nobody', async () => {
    const here = await stage(transport, {
      authorizeCall({ from, to }) {
        Object.assign(from, { username: 'changed', secret: 1 });
        Object.assign(to, { username: 'changed', secret: 1 });
        return true;
      },
    });
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    await alice.ask('call_restore', claim(bob, 'caller'));
    await bob.ask('call_restore', claim(alice, 'callee'));
    expect(await here.signaling.activeCalls()).toMatchObject([
      { from: { id: alice.id, username: 'alice' }, to: { id: bob.id, username: 'bob' } },
    ]);
    await alice.ask('end_call', { callId: 'from-before' });
    await bob.ask('call_user', { to: alice.id, callType: 'video', offer: { type: 'offer', sdp: 'v=0' } });
    expect((await alice.next('incoming_call')).from).toEqual({ id: bob.id, username: 'bob' });
  });

  test('[RESUME-9] nobody restores a call with oneself, and no legacy device any', async () => {
    const here = await stage(transport);
    const [alice, bob] = [await joinResuming(here, 'alice'), await here.join('bob')];
    expect(await alice.refusal('call_restore', claim(alice, 'caller'))).toBe('forbidden');
    expect(await bob.refusal('call_restore', claim(alice, 'callee'))).toBe('forbidden');
  });
});

test('[RESUME-8] a claim lapses after graceMs', async () => {
  const here = await stage('websocket', { graceMs: 50 });
  const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
  await alice.ask('call_restore', claim(bob, 'caller'));
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(await bob.ask('call_restore', claim(alice, 'callee'))).toEqual({ ok: true, status: 'waiting' });
  expect(await here.signaling.activeCalls()).toEqual([]);
});

test('[HOST-11] [RESUME-7] the host is told of a restored call', async () => {
  const here = await stage('websocket');
  const restored: string[] = [];
  here.signaling.on('callRestored', (call) =>
    restored.push(`${call.from.username} ${call.to.username} ${call.status}`),
  );
  const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
  await alice.ask('call_restore', claim(bob, 'callee'));
  await bob.ask('call_restore', claim(alice, 'caller'));
  expect(restored).toEqual(['bob alice active']);
});
