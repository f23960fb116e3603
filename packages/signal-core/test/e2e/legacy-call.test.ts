import { describe, expect, test } from 'vitest';
import { answer, callTo, ring, stillTalking, talk } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { ANSWER, candidate, OFFER } from './session-descriptions.ts';
import { stage } from './stage.ts';

describe.each(TRANSPORTS)('placing and answering a call over %s', (transport) => {
  test('[CALL-1] rings every free device of the callee, and tells the caller', async () => {
    const { join } = await stage(transport);
    const [alice, laptop, phone] = [await join('alice'), await join('bob'), await join('bob')];
    alice.send('call_user', callTo(alice, laptop, { callType: 'audio' }));
    const incoming = await laptop.next('incoming_call');
    expect(incoming).toEqual({
      callId: expect.stringMatching(/^[\w.~-]{1,128}$/),
      from: { id: alice.id, username: 'alice' },
      callType: 'audio',
      offer: OFFER,
    });
    expect(await phone.next('incoming_call')).toEqual(incoming);
    expect(await alice.next('call_status')).toEqual({ status: 'ringing', callId: incoming.callId });
  });

  test('[CALL-1] [ERR-1] an acknowledged call_user is answered {callId, status: ringing}', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const reply = await alice.ask('call_user', callTo(alice, bob));
    const { callId } = await bob.next('incoming_call');
    expect(reply).toEqual({ ok: true, callId, status: 'ringing' });
  });

  test('[CALL-2] legacy behaviour 8: `from` is the whole user object; the callee gets id and name of the connection', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const from = { ...alice.user, username: 'somebody else', isOnline: true, token: 'secret', socketId: 'x' };
    alice.send('call_user', callTo(alice, bob, { from }));
    expect((await bob.next('incoming_call')).from).toEqual({ id: alice.id, username: 'alice' });
  });

  test.each([
    ['absent', undefined],
    ['empty', {}],
    ['a name only', { username: 'mallory' }],
  ])('[CALL-2] a `from` that is %s will do', async (_, from) => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    alice.send('call_user', callTo(alice, bob, { from }));
    expect((await bob.next('incoming_call')).from).toEqual({ id: alice.id, username: 'alice' });
  });

  test('[CALL-2] a foreign `from.id` is refused', async () => {
    const { join } = await stage(transport);
    const [alice, bob, carol] = [await join('alice'), await join('bob'), await join('carol')];
    expect(await alice.refusal('call_user', callTo(alice, bob, { from: carol.user }))).toBe('identity_mismatch');
    await bob.quiet('incoming_call');
  });

  test('[CALL-3] [ERR-7] descriptions and candidates arrive with the same values, unknown keys stripped', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const noise = { extra: { deep: [1] }, toJSON: 'x' };
    alice.send('call_user', callTo(alice, bob, { ...noise, offer: { ...OFFER, ...noise } }));
    const incoming = await bob.next('incoming_call');
    expect(Object.keys(incoming).sort()).toEqual(['callId', 'callType', 'from', 'offer']);
    expect(incoming.offer).toEqual(OFFER);
    const { callId } = incoming;
    bob.send('accept_call', { callId, ...noise, answer: { ...ANSWER, ...noise } });
    expect(await alice.next('call_accepted')).toEqual({ callId, answer: ANSWER });
    alice.send('ice_candidate', { to: bob.id, ...noise, candidate: { ...candidate(1, 'u'), ...noise } });
    expect(await bob.next('ice_candidate')).toEqual({ callId, from: alice.id, candidate: candidate(1, 'u') });
  });

  test('[CALL-4] the caller gets the answer', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await ring(alice, bob);
    expect(await bob.ask('accept_call', { callId, answer: ANSWER })).toEqual({ ok: true });
    expect(await alice.next('call_accepted')).toEqual({ callId, answer: ANSWER });
    await stillTalking(alice, bob, callId);
  });

  test('[CALL-4] the first accept wins; the other devices stop ringing; a late accept is refused', async () => {
    const { join } = await stage(transport);
    const [alice, laptop, phone] = [await join('alice'), await join('bob'), await join('bob')];
    const callId = await ring(alice, laptop);
    await answer(laptop, alice, callId);
    expect(await phone.next('call_ended')).toMatchObject({ callId, reason: 'answered_elsewhere' });
    expect(await phone.refusal('accept_call', { callId, answer: ANSWER })).toBe('invalid_state');
    await alice.quiet('call_accepted', 'call_ended');
    await laptop.quiet('call_ended');
  });

  test('[CALL-4] [CALL-21] of two accepts at the same instant exactly one wins', async () => {
    const { join } = await stage(transport);
    const [alice, laptop, phone] = [await join('alice'), await join('bob'), await join('bob')];
    for (let round = 0; round < 10; round += 1) {
      const callId = await ring(alice, laptop);
      await phone.next('incoming_call', (call) => call.callId === callId);
      const accept = { callId, answer: ANSWER };
      const answers = await Promise.all([laptop.ask('accept_call', accept), phone.ask('accept_call', accept)]);
      expect(answers.map((one) => one.ok).sort()).toEqual([false, true]);
      await alice.next('call_accepted', (call) => call.callId === callId);
      expect(await alice.ask('end_call', { callId })).toEqual({ ok: true });
      const [won, lost] = answers[0].ok ? [laptop, phone] : [phone, laptop];
      expect(await won.next('call_ended')).toMatchObject({ callId, reason: 'hangup' });
      expect(await lost.next('call_ended')).toMatchObject({ callId, reason: 'answered_elsewhere' });
    }
    await alice.quiet('call_accepted', 'call_ended');
  });

  test.each([
    [undefined, 'declined'],
    ['busy', 'busy'],
    ['no such reason', 'declined'],
  ])('[CALL-5] reject_call (reason %s) ends the call for all', async (reason, told) => {
    const { join, signaling } = await stage(transport);
    const [alice, laptop, phone] = [await join('alice'), await join('bob'), await join('bob')];
    const callId = await ring(alice, laptop);
    expect(await laptop.ask('reject_call', { callId, reason })).toEqual({ ok: true });
    expect(await alice.next('call_rejected')).toEqual({ callId, reason: told });
    expect(await phone.next('call_ended')).toMatchObject({ callId, reason: 'rejected_elsewhere' });
    await alice.quiet('call_rejected', 'call_ended');
    await laptop.quiet('call_ended');
    expect(await signaling.activeCalls()).toEqual([]);
  });

  test('[CALL-6] the caller cancels while it rings', async () => {
    const { join } = await stage(transport);
    const [alice, laptop, phone] = [await join('alice'), await join('bob'), await join('bob')];
    const callId = await ring(alice, laptop);
    expect(await alice.ask('end_call', { callId })).toEqual({ ok: true });
    for (const device of [laptop, phone]) {
      expect(await device.next('call_ended')).toMatchObject({ callId, reason: 'cancelled', by: alice.id });
    }
    await alice.quiet('call_ended');
  });

  test('[CALL-6] end_call from a rung device declines, as reject_call does', async () => {
    const { join } = await stage(transport);
    const [alice, laptop, phone] = [await join('alice'), await join('bob'), await join('bob')];
    const callId = await ring(alice, laptop);
    laptop.send('end_call', { callId });
    expect(await alice.next('call_rejected')).toEqual({ callId, reason: 'declined' });
    expect(await phone.next('call_ended')).toMatchObject({ callId, reason: 'rejected_elsewhere' });
    await laptop.quiet('call_ended');
  });

  test.each(['the caller', 'the callee'])('[CALL-6] %s hangs up', async (who) => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    const [one, other] = who === 'the caller' ? [alice, bob] : [bob, alice];
    one.send('end_call', { callId });
    const ended = await other.next('call_ended');
    expect(ended).toEqual({ callId, reason: 'hangup', by: one.id, durationMs: expect.any(Number) });
    expect(ended.durationMs).toBeLessThan(10_000);
    await one.quiet('call_ended');
    await other.quiet('call_ended');
    await talk(bob, alice);
  });

  test('[CALL-7] legacy behaviour 3: an unanswered call ends after the ring timeout, on both sides', async () => {
    const { join, signaling } = await stage(transport, { ringTimeoutMs: 300 });
    const [alice, laptop, phone] = [await join('alice'), await join('bob'), await join('bob')];
    const callId = await ring(alice, laptop);
    const since = performance.now();
    for (const device of [alice, laptop, phone]) {
      expect(await device.next('call_ended')).toMatchObject({ callId, reason: 'no_answer' });
    }
    expect(performance.now() - since).toBeGreaterThan(200);
    expect(await signaling.activeCalls()).toEqual([]);
    expect(await laptop.refusal('accept_call', { callId, answer: ANSWER })).toBe('invalid_state');
  });

  test('[CALL-7] an answered call outlives the ring timeout, and ends after maxCallMs', async () => {
    const { join } = await stage(transport, { ringTimeoutMs: 200, maxCallMs: 700 });
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    const since = performance.now();
    for (const device of [alice, bob]) {
      expect(await device.next('call_ended')).toMatchObject({ callId, reason: 'max_duration' });
    }
    expect(performance.now() - since).toBeGreaterThan(500);
  });

  test('[CALL-8] legacy behaviour 3: a new call_user replaces the device’s own ringing call', async () => {
    const { join, signaling } = await stage(transport);
    const [alice, bob, carol] = [await join('alice'), await join('bob'), await join('carol')];
    const first = await ring(alice, bob);
    const second = await ring(alice, carol);
    expect(await bob.next('call_ended')).toMatchObject({ callId: first, reason: 'replaced' });
    await alice.quiet('call_ended', 'call_rejected', 'signal_error');
    expect((await signaling.activeCalls()).map((call) => call.id)).toEqual([second]);
    expect(await bob.refusal('accept_call', { callId: first, answer: ANSWER })).toBe('invalid_state');
  });

  test('[CALL-8] calling the same user again: call_ended comes before the new incoming_call', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const first = await ring(alice, bob);
    const second = await ring(alice, bob);
    expect(second).not.toBe(first);
    expect(bob.order('incoming_call', 'call_ended')).toEqual(['incoming_call', 'call_ended', 'incoming_call']);
    expect(await bob.next('call_ended')).toMatchObject({ callId: first, reason: 'replaced' });
    await answer(bob, alice, second);
    await alice.quiet('call_ended', 'call_rejected');
  });

  test('[CALL-19] late ring: a device that comes online while a call rings is rung too', async () => {
    const { join } = await stage(transport);
    const [alice, laptop] = [await join('alice'), await join('bob')];
    const callId = await ring(alice, laptop);
    const phone = await join('bob');
    expect(await phone.next('incoming_call')).toEqual({
      callId,
      from: { id: alice.id, username: 'alice' },
      callType: 'video',
      offer: OFFER,
    });
    expect(phone.order('join_success', 'incoming_call')).toEqual(['join_success', 'incoming_call']);
    await answer(phone, alice, callId);
    expect(await laptop.next('call_ended')).toMatchObject({ callId, reason: 'answered_elsewhere' });
  });

  test('[CALL-20] legacy behaviour 4: a device outside of the call hears nothing of it', async () => {
    const { join } = await stage(transport, { maxCallsPerUser: 2 });
    const [alice, carol, dave] = [await join('alice'), await join('carol'), await join('dave')];
    const busyTab = await join('bob');
    const other = await talk(carol, busyTab);
    const idleTab = await join('bob');
    const tabOfAlice = await join('alice');

    const callId = await ring(alice, idleTab);
    await answer(idleTab, alice, callId);
    alice.send('end_call', { callId });
    await idleTab.next('call_ended');
    const next = await ring(alice, idleTab);
    idleTab.send('reject_call', { callId: next });
    await alice.next('call_rejected');
    for (const outsider of [busyTab, tabOfAlice, dave]) {
      await outsider.quiet('incoming_call', 'call_accepted', 'call_rejected', 'call_ended', 'call_status');
    }
    await stillTalking(carol, busyTab, other);
  });
});
