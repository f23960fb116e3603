import { describe, expect, test } from 'vitest';
import { answer, callTo, ring, stillTalking, talk } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { ANSWER, candidate } from './session-descriptions.ts';
import { stage } from './stage.ts';

const commandsOn = (callId: string, peer: { id: string }) =>
  [
    ['accept_call', { callId, answer: ANSWER }],
    ['reject_call', { callId }],
    ['end_call', { callId }],
    ['ice_candidate', { to: peer.id, callId, candidate: candidate(1) }],
  ] as const;

const CALL_EVENTS = ['incoming_call', 'call_accepted', 'call_rejected', 'call_ended', 'ice_candidate'] as const;

describe.each(TRANSPORTS)('who may act on a call over %s', (transport) => {
  test('[CALL-17] a stranger cannot tell a foreign call from one that does not exist, and changes nothing', async () => {
    const { join } = await stage(transport);
    const [alice, bob, mallory] = [await join('alice'), await join('bob'), await join('mallory')];
    const callId = await ring(alice, bob);
    const attack = async () => {
      for (const [event, payload] of commandsOn(callId, bob)) {
        const foreign = await mallory.ask(event, payload);
        expect(foreign).toMatchObject({ ok: false, error: { code: 'call_not_found' } });
        const missing = await mallory.ask(event, { ...payload, callId: 'no-such-call' });
        expect(JSON.stringify(foreign).replaceAll(callId, '')).toBe(
          JSON.stringify(missing).replaceAll('no-such-call', ''),
        );
      }
      await alice.quiet(...CALL_EVENTS);
      await bob.quiet(...CALL_EVENTS);
    };
    await attack();
    await answer(bob, alice, callId);
    await attack();
    await stillTalking(alice, bob, callId);
    alice.send('end_call', { callId });
    await bob.next('call_ended');
    await attack();
  });

  test('[CALL-17] another device of a party gets invalid_state, and changes nothing', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    const [tabOfAlice, tabOfBob] = [await join('alice'), await join('bob')];
    for (const [tab, peer] of [
      [tabOfAlice, bob],
      [tabOfBob, alice],
    ] as const) {
      for (const [event, payload] of commandsOn(callId, peer)) {
        expect([event, await tab.refusal(event, payload)]).toEqual([event, 'invalid_state']);
      }
    }
    await alice.quiet(...CALL_EVENTS);
    await bob.quiet(...CALL_EVENTS);
    await stillTalking(alice, bob, callId);
  });

  test('[CALL-17] the caller cannot accept or reject its own call', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await ring(alice, bob);
    expect(await alice.refusal('accept_call', { callId, answer: ANSWER })).toBe('invalid_state');
    expect(await alice.refusal('reject_call', { callId })).toBe('invalid_state');
    await answer(bob, alice, callId);
  });

  test('[CALL-18] call_user with the same callId gives the same result and rings nobody twice', async () => {
    const { join, signaling } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const payload = callTo(alice, bob, { callId: 'chosen-by-the-client' });
    const result = { ok: true, callId: 'chosen-by-the-client', status: 'ringing' };
    expect(await alice.ask('call_user', payload)).toEqual(result);
    expect(await alice.ask('call_user', payload)).toEqual(result);
    await bob.next('incoming_call', (call) => call.callId === result.callId);
    await bob.quiet('incoming_call', 'call_ended');
    await answer(bob, alice, result.callId);
    expect(await alice.ask('call_user', payload)).toMatchObject({ ok: true, callId: result.callId });
    await bob.quiet('incoming_call', 'call_ended');
    expect(await signaling.activeCalls()).toHaveLength(1);
  });

  test('[CALL-18] a callId that belongs to others is of no use', async () => {
    const { join } = await stage(transport);
    const [alice, bob, mallory] = [await join('alice'), await join('bob'), await join('mallory')];
    const carol = await join('carol');
    const callId = await talk(alice, bob);
    expect(await mallory.ask('call_user', callTo(mallory, carol, { callId }))).toMatchObject({ ok: false });
    await carol.quiet('incoming_call');
    await stillTalking(alice, bob, callId);
  });

  test('[CALL-18] a repeated accept, reject or end gives its first result and tells nobody again', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const first = await ring(alice, bob);
    for (const repeat of [1, 2]) {
      expect([repeat, await bob.ask('reject_call', { callId: first })]).toEqual([repeat, { ok: true }]);
    }
    await alice.next('call_rejected');
    const second = await ring(alice, bob);
    for (const repeat of [1, 2]) {
      const accepted = await bob.ask('accept_call', { callId: second, answer: ANSWER });
      expect([repeat, accepted]).toEqual([repeat, { ok: true }]);
    }
    await alice.next('call_accepted');
    for (const repeat of [1, 2]) {
      expect([repeat, await alice.ask('end_call', { callId: second })]).toEqual([repeat, { ok: true }]);
    }
    await bob.next('call_ended');
    await alice.quiet(...CALL_EVENTS);
    await bob.quiet(...CALL_EVENTS);
  });

  test('[CALL-18] [CALL-21] any other command on an ended call is invalid_state, and the call stays ended', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    alice.send('end_call', { callId });
    await bob.next('call_ended');
    for (const [event, payload] of commandsOn(callId, alice).slice(1)) {
      expect([event, await bob.refusal(event, payload)]).toEqual([event, 'invalid_state']);
    }
    await alice.quiet(...CALL_EVENTS);
    await bob.quiet(...CALL_EVENTS);
  });

  test('[CALL-21] accept and cancel at the same instant: both sides see one and the same story', async () => {
    const { join, signaling } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    for (let round = 0; round < 10; round += 1) {
      const callId = await ring(alice, bob);
      const [ended, accepted] = await Promise.all([
        alice.ask('end_call', { callId }),
        bob.ask('accept_call', { callId, answer: ANSWER }),
      ]);
      expect(ended).toEqual({ ok: true });
      expect(await bob.next('call_ended')).toMatchObject({ callId, reason: accepted.ok ? 'hangup' : 'cancelled' });
      if (accepted.ok) await alice.next('call_accepted', (call) => call.callId === callId);
      await alice.quiet(...CALL_EVENTS);
      await bob.quiet(...CALL_EVENTS);
    }
    expect(await signaling.activeCalls()).toEqual([]);
  });
});
