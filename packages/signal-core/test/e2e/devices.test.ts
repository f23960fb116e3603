import { describe, expect, test } from 'vitest';
import { answer, callTo, ring, stillTalking, talk } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { candidates } from './session-descriptions.ts';
import { stage } from './stage.ts';

const CALL_EVENTS = [
  'incoming_call',
  'call_status',
  'call_accepted',
  'call_rejected',
  'call_ended',
  'ice_candidate',
] as const;

const phone = { deviceId: 'phone', protocol: 2 };
const tablet = { deviceId: 'tablet', protocol: 2 };

describe.each(TRANSPORTS)('the devices of one person over %s', (transport) => {
  test('[CALL-24] two tabs are in two calls, and neither hears of the other’s', async () => {
    const { join, signaling } = await stage(transport, { maxCallsPerUser: 2 });
    const [left, right] = [await join('alice', phone), await join('alice', tablet)];
    const [bob, carol] = [await join('bob'), await join('carol')];
    const withBob = await talk(left, bob);
    const withCarol = await talk(carol, right);
    expect(await signaling.activeCalls()).toHaveLength(2);
    await left.quiet(...CALL_EVENTS);
    await stillTalking(left, bob, withBob);
    await stillTalking(right, carol, withCarol);
    expect(await left.refusal('end_call', { callId: withCarol })).toBe('invalid_state');
    await left.ask('end_call', { callId: withBob });
    await bob.next('call_ended');
    await stillTalking(right, carol, withCarol);
    await right.quiet(...CALL_EVENTS);
    await left.quiet(...CALL_EVENTS);
  });

  test('[CALL-4] [CALL-24] all free devices ring, one wins, and the others are told', async () => {
    const { join } = await stage(transport);
    const [left, right, legacy] = [await join('alice', phone), await join('alice', tablet), await join('alice')];
    const bob = await join('bob');
    const callId = await ring(bob, left);
    await right.next('incoming_call');
    await legacy.next('incoming_call');
    await answer(right, bob, callId);
    for (const loser of [left, legacy]) {
      expect(await loser.next('call_ended')).toEqual({ callId, reason: 'answered_elsewhere', by: right.id });
    }
    await right.quiet('call_ended');
    await stillTalking(right, bob, callId);
  });

  test('[JOIN-10] each device learns of all live calls of its user, and which are its own', async () => {
    const { join } = await stage(transport, { maxCallsPerUser: 2 });
    const [left, bob, carol] = [await join('alice', phone), await join('bob'), await join('carol')];
    const active = await talk(left, bob);
    const right = await join('alice', tablet);
    const ringing = await ring(carol, right);
    await right.drop();
    const { calls } = await right.comeBack();
    expect(calls).toEqual([
      {
        callId: active,
        role: 'caller',
        status: 'active',
        peer: { id: bob.id, username: 'bob' },
        callType: 'video',
        here: false,
      },
      {
        callId: ringing,
        role: 'callee',
        status: 'ringing',
        peer: { id: carol.id, username: 'carol' },
        callType: 'video',
        here: true,
      },
    ]);
  });

  test('[JOIN-9] features that nobody knows are ignored, those known count', async () => {
    const { join } = await stage(transport);
    const features = ['ice_batch', 'teleport', 7, null, { resume: true }];
    const [alice, bob] = [await join('alice'), await join('bob', { ...phone, features })];
    alice.send('call_user', callTo(alice, bob));
    for (const one of candidates(1, 2)) alice.send('ice_candidate', { to: bob.id, candidate: one });
    const { callId } = await bob.next('incoming_call');
    expect(await bob.ask('accept_call', { callId, answer: { type: 'answer', sdp: 'v=0' } })).toEqual({ ok: true });
    expect(await bob.next('ice_candidates')).toEqual({ callId, from: alice.id, candidates: candidates(1, 2) });
  });

  test('[JOIN-9] a legacy device has no features, whatever it says', async () => {
    const { join } = await stage(transport);
    const features = ['ice_batch', 'early_candidates', 'resume'];
    const [alice, bob] = [await join('alice'), await join('bob', { features })];
    alice.send('call_user', callTo(alice, bob));
    for (const one of candidates(1, 2)) alice.send('ice_candidate', { to: bob.id, candidate: one });
    const rung = await bob.next('incoming_call');
    expect(rung).not.toHaveProperty('seq');
    await bob.quiet('ice_candidate', 'ice_candidates');
    await answer(bob, alice, rung.callId);
    for (const one of candidates(1, 2)) expect(await bob.next('ice_candidate')).toMatchObject({ candidate: one });
    await bob.quiet('ice_candidates');
  });

  test('[ERR-4] features that are no list, or far too many, are refused', async () => {
    const { login, connect } = await stage(transport);
    const [user, alice] = [await login('alice'), await connect('alice')];
    for (const features of ['resume', {}, Array(33).fill('resume')]) {
      expect(await alice.refusal('join', { ...user, ...phone, features })).toBe('invalid_payload');
    }
  });
});
