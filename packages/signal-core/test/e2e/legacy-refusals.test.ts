import { describe, expect, test } from 'vitest';
import { answer, callTo, ring, stillTalking, talk } from './call-steps.ts';
import { type LegacyClient, TRANSPORTS } from './legacy-client.ts';
import { ANSWER } from './session-descriptions.ts';
import { stage } from './stage.ts';

/** A legacy call_user, without acknowledgement, and the code of the refusal that comes back. */
async function refusedCall(caller: LegacyClient, payload: unknown) {
  caller.send('call_user', payload);
  const { event, code } = await caller.next('signal_error');
  expect(event).toBe('call_user');
  return code;
}

describe.each(TRANSPORTS)('refused calls over %s', (transport) => {
  test('[CALL-9] legacy behaviour 5: a user in a call is busy, and the running call is left alone', async () => {
    const { join } = await stage(transport);
    const [alice, bob, carol] = [await join('alice'), await join('bob'), await join('carol')];
    const callId = await talk(alice, bob);
    expect(await refusedCall(carol, callTo(carol, bob))).toBe('busy');
    expect(await carol.next('call_rejected')).toMatchObject({ reason: 'busy' });
    await bob.quiet('incoming_call', 'call_ended');
    await stillTalking(alice, bob, callId);
  });

  test('[CALL-9] a user who is being rung or is calling is busy as well', async () => {
    const { join } = await stage(transport);
    const [alice, bob, carol] = [await join('alice'), await join('bob'), await join('carol')];
    await ring(alice, bob);
    expect(await carol.refusal('call_user', callTo(carol, bob))).toBe('busy');
    expect(await carol.refusal('call_user', callTo(carol, alice))).toBe('busy');
  });

  test('[CALL-9] the limit binds the caller: another device of a user in a call places none', async () => {
    const { join } = await stage(transport);
    const [alice, bob, carol] = [await join('alice'), await join('bob'), await join('carol')];
    await talk(alice, bob);
    const tab = await join('alice');
    expect(await tab.refusal('call_user', callTo(tab, carol))).toBe('busy');
    await carol.quiet('incoming_call');
  });

  test('[CALL-9] with maxCallsPerUser 2 a second call is possible, a third is not', async () => {
    const { join } = await stage(transport, { maxCallsPerUser: 2 });
    const bobs = [await join('bob'), await join('bob'), await join('bob')];
    const callers = [await join('alice'), await join('carol'), await join('dave')];
    const [alice, carol, dave] = callers as [LegacyClient, LegacyClient, LegacyClient];
    const [first, second] = bobs as [LegacyClient, LegacyClient];
    await talk(alice, first);
    await talk(carol, second);
    expect(await dave.refusal('call_user', callTo(dave, first))).toBe('busy');
  });

  test('[CALL-10] a device in a call is never rung, whatever the limit', async () => {
    const { join } = await stage(transport, { maxCallsPerUser: 5 });
    const [alice, carol, inCall] = [await join('alice'), await join('carol'), await join('bob')];
    const callId = await talk(alice, inCall);
    expect(await carol.refusal('call_user', callTo(carol, inCall))).toBe('busy');
    const idle = await join('bob');
    await ring(carol, idle);
    await inCall.quiet('incoming_call');
    await stillTalking(alice, inCall, callId);
  });

  test('[CALL-10] a device that is calling is not rung', async () => {
    const { join } = await stage(transport, { maxCallsPerUser: 5 });
    const [alice, carol, bob] = [await join('alice'), await join('carol'), await join('bob')];
    await ring(bob, alice);
    expect(await carol.refusal('call_user', callTo(carol, bob))).toBe('busy');
    await bob.quiet('incoming_call');
  });

  test('[CALL-11] glare: the first call goes on, the crossing one is refused with its id', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await ring(alice, bob);
    const crossing = await bob.ask('call_user', callTo(bob, alice));
    expect(crossing).toMatchObject({ ok: false, error: { code: 'glare', callId } });
    await alice.quiet('incoming_call', 'call_ended', 'call_rejected');
    await bob.quiet('call_ended', 'call_rejected');
    await answer(bob, alice, callId);
    await stillTalking(alice, bob, callId);
  });

  test('[CALL-11] of two calls that cross at the same instant one rings', async () => {
    const { join, signaling } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const answers = await Promise.all([
      alice.ask('call_user', callTo(alice, bob)),
      bob.ask('call_user', callTo(bob, alice)),
    ]);
    expect(answers.map((one) => one.ok).sort()).toEqual([false, true]);
    expect(answers.find((one) => !one.ok)).toMatchObject({ error: { code: 'glare' } });
    expect(await signaling.activeCalls()).toHaveLength(1);
  });

  test('[CALL-12] [CALL-15] legacy behaviour 6: a call to somebody offline ends “Calling…” with user_offline', async () => {
    const { join, login } = await stage(transport);
    const alice = await join('alice');
    const known = await login('never online');
    for (const callee of [known, { id: 'nobody-knows' }]) {
      expect(await refusedCall(alice, callTo(alice, callee))).toBe('user_offline');
      expect(await alice.next('call_status')).toMatchObject({ status: 'user_offline' });
      expect(await alice.refusal('call_user', callTo(alice, callee))).toBe('user_offline');
    }
    await alice.quiet('call_rejected', 'call_ended', 'call_status');
  });

  test('[CALL-13] a call to oneself is forbidden, also to another tab', async () => {
    const { join } = await stage(transport);
    const [alice, tab] = [await join('alice'), await join('alice')];
    expect(await refusedCall(alice, callTo(alice, alice))).toBe('forbidden');
    expect(await alice.next('call_rejected')).toMatchObject({ reason: 'forbidden' });
    await tab.quiet('incoming_call');
  });

  test('[CALL-14] oneself is judged before authorizeCall; who is refused by it has hung up the call before all the same', async () => {
    const asked: string[] = [];
    const authorizeCall = ({ to }: { to: { id: string; username?: string } }) => {
      asked.push(to.id);
      return to.username !== 'carol';
    };
    const { join } = await stage(transport, { authorizeCall });
    const [alice, bob, carol] = [await join('alice'), await join('bob'), await join('carol')];
    await alice.refusal('call_user', callTo(alice, alice));
    expect(asked).toEqual([]);
    const callId = await ring(alice, bob);
    expect(await alice.refusal('call_user', callTo(alice, carol))).toBe('forbidden');
    expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'replaced' });
    await alice.quiet('call_ended');
  });

  test('[CALL-14] [CALL-15] a legacy caller who is refused by authorizeCall sees that, though its last call still rang', async () => {
    const { join } = await stage(transport, { authorizeCall: ({ to }) => to.id !== 'carol' });
    const [alice, bob] = [await join('alice'), await join('bob')];
    await ring(alice, bob);
    alice.send('call_user', callTo(alice, { id: 'carol' }));
    expect(await alice.next('call_rejected')).toMatchObject({ reason: 'forbidden' });
  });

  test('[CALL-14] the same callId again is judged first: its result is the same, also when now all is busy', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const payload = callTo(alice, bob, { callId: 'again' });
    const first = await alice.ask('call_user', payload);
    expect(await alice.ask('call_user', payload)).toEqual(first);
  });

  test('[CALL-14] a call is replaced even when the new one is refused', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await ring(alice, bob);
    expect(await refusedCall(alice, callTo(alice, { id: 'nobody' }))).toBe('user_offline');
    expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'replaced' });
    await alice.next('call_status', (call) => call.status === 'user_offline');
    await alice.quiet('call_ended');
  });

  test('[CALL-14] glare is judged before busy, busy before offline', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    await ring(alice, bob);
    const [tabOfAlice, tabOfBob] = [await join('alice'), await join('bob')];
    expect(await tabOfBob.refusal('call_user', callTo(tabOfBob, alice))).toBe('glare');
    expect(await tabOfAlice.refusal('call_user', callTo(tabOfAlice, { id: 'nobody' }))).toBe('busy');
  });

  test('[CALL-15] legacy behaviour 6: any other refusal ends “Calling…” with call_rejected and its code', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const broken = { ...callTo(alice, bob), offer: { type: 'offer', sdp: 'not an sdp' } };
    const foreign = callTo(alice, bob, { from: bob.user });
    for (const [payload, reason] of [
      [broken, 'invalid_payload'],
      [foreign, 'identity_mismatch'],
    ] as const) {
      expect(await refusedCall(alice, payload)).toBe(reason);
      expect(await alice.next('call_rejected')).toMatchObject({ reason });
    }
    await alice.quiet('call_status', 'call_ended', 'call_rejected');
  });

  test('[CALL-15] legacy behaviour 6: a device that is being rung gets signal_error only', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await ring(alice, bob);
    expect(await refusedCall(bob, callTo(bob, alice))).toBe('glare');
    await bob.quiet('call_rejected', 'call_status', 'call_ended');
    await answer(bob, alice, callId);
  });

  test('[CALL-15] legacy behaviour 6: a device in a call gets signal_error only', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    expect(await refusedCall(alice, callTo(alice, { id: 'nobody' }))).toBe('busy');
    await alice.quiet('call_rejected', 'call_status', 'call_ended');
    await stillTalking(alice, bob, callId);
  });

  test('[CALL-16] legacy behaviour 6: a refused accept_call closes the ringing screen of a device in no call', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await ring(alice, bob);
    alice.send('end_call', { callId });
    await bob.next('call_ended');
    bob.send('accept_call', { callId, answer: ANSWER });
    expect(await bob.next('signal_error')).toMatchObject({ event: 'accept_call', code: 'invalid_state', callId });
    expect(await bob.next('call_ended')).toMatchObject({ callId });
    bob.send('accept_call', { callId: 'unknown', answer: ANSWER });
    expect(await bob.next('signal_error')).toMatchObject({ event: 'accept_call', code: 'call_not_found' });
    expect(await bob.next('call_ended')).toMatchObject({ callId: 'unknown' });
  });

  test('[CALL-16] [CALL-20] a device that is in a call gets the signal_error only', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    bob.send('accept_call', { callId: 'unknown', answer: ANSWER });
    await bob.next('signal_error', (error) => error.code === 'call_not_found');
    await bob.quiet('call_ended');
    await stillTalking(alice, bob, callId);
  });
});
