import { describe, expect, test } from 'vitest';
import { answer, callTo, ring, stillTalking, talk } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { loseInCall, told } from './loss-steps.ts';
import { ANSWER, candidate, candidates } from './session-descriptions.ts';
import { stage } from './stage.ts';

describe.each(TRANSPORTS)('a device that returns over %s', (transport) => {
  test('[LOSS-4] what was addressed to it meanwhile comes in order, right after join_success, once', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    await loseInCall(bob, alice, callId);
    for (const one of candidates(1, 5)) alice.send('ice_candidate', { to: bob.id, candidate: one });
    alice.send('end_call', { callId });
    await alice.settle();
    bob.forget();
    await bob.comeBack();
    await bob.quiet('signal_error');
    const came = bob.order('join_success', 'ice_candidate', 'call_ended');
    expect(came).toEqual(['join_success', ...Array(5).fill('ice_candidate'), 'call_ended']);
    expect(bob.take('ice_candidate').map((got) => got.candidate)).toEqual(candidates(1, 5));
    expect(bob.take('call_ended')).toMatchObject([{ callId, reason: 'hangup' }]);
    await bob.drop();
    await bob.comeBack();
    await bob.quiet('ice_candidate', 'call_ended');
  });

  test('[LOSS-4] the answer to a caller who was lost while ringing is not lost', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await ring(alice, bob);
    await alice.drop();
    bob.send('ice_candidate', { to: alice.id, candidate: candidate(1) });
    expect(await bob.ask('accept_call', { callId, answer: ANSWER })).toEqual({ ok: true });
    await alice.comeBack();
    expect(await alice.next('call_accepted')).toEqual({ callId, answer: ANSWER });
    expect((await alice.next('ice_candidate')).candidate).toEqual(candidate(1));
    await alice.quiet('call_accepted', 'call_ended');
    await stillTalking(alice, bob, callId);
  });

  test('[LOSS-4] keeps 256 messages; the oldest go first', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    await loseInCall(bob, alice, callId);
    for (const one of candidates(1, 300)) alice.send('ice_candidate', { to: bob.id, candidate: one });
    await alice.settle();
    await bob.comeBack();
    await bob.settle();
    expect(bob.take('ice_candidate').map((got) => got.candidate)).toEqual(candidates(45, 300));
  });

  test('[LOSS-4] keeps 256 KiB; the oldest go first', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    await loseInCall(bob, alice, callId);
    // 250 messages of more than 1,200 bytes each: 300 KB and more.
    const big = candidates(1, 250).map((one) => ({ ...one, candidate: one.candidate.padEnd(1_024, 'x') }));
    for (const one of big) alice.send('ice_candidate', { to: bob.id, candidate: one });
    await alice.settle();
    await bob.comeBack();
    await bob.settle();
    const got = bob.take('ice_candidate').map((message) => message.candidate);
    expect(got.length).toBeGreaterThan(180);
    expect(got.length).toBeLessThan(250);
    expect(got).toEqual(big.slice(-got.length));
    await stillTalking(alice, bob, callId);
  });

  test('[LOSS-6] a legacy call_user after the return ends the call that was kept', async () => {
    const { join } = await stage(transport);
    const [alice, bob, carol] = [await join('alice'), await join('bob'), await join('carol')];
    const kept = await talk(alice, bob);
    await loseInCall(alice, bob, kept);
    await alice.comeBack();
    await told(bob, 'peer_reconnected');
    await ring(alice, carol);
    expect(await bob.next('call_ended')).toMatchObject({ callId: kept, reason: 'replaced' });
    await alice.quiet('call_ended', 'call_rejected', 'signal_error');
  });

  test('[LOSS-6] a reloaded page that calls the same user again gets through', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const kept = await talk(alice, bob);
    await loseInCall(alice, bob, kept);
    const reloaded = await join('alice');
    const callId = await ring(reloaded, bob);
    expect(bob.order('incoming_call', 'call_ended')).toEqual(['incoming_call', 'call_ended', 'incoming_call']);
    await answer(bob, reloaded, callId);
  });

  test('[LOSS-7] takeovers of a device in a call mean nothing to the peer', async () => {
    const { join } = await stage(transport);
    const alice = await join('alice');
    let bob = await join('bob', { deviceId: 'phone' });
    const callId = await talk(alice, bob);
    for (let round = 0; round < 10; round += 1) {
      const next = await join('bob', { deviceId: 'phone' });
      await bob.next('disconnect');
      bob = next;
    }
    await stillTalking(alice, bob, callId);
    await alice.quiet('call_ended', 'call_status');
  });

  test('[LOSS-8] a returning device that is still rung is rung again', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await ring(alice, bob);
    await bob.drop();
    await bob.comeBack();
    expect(await bob.next('incoming_call')).toMatchObject({ callId, from: { id: alice.id } });
    await bob.quiet('incoming_call');
    await answer(bob, alice, callId);
    await stillTalking(alice, bob, callId);
  });

  test('[LOSS-4] [LOSS-8] a call placed while the callee’s only device is lost rings it once, on return', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    await bob.drop();
    expect(await alice.ask('call_user', callTo(alice, bob))).toMatchObject({ ok: true, status: 'ringing' });
    await bob.comeBack();
    const { callId } = await bob.next('incoming_call');
    await bob.quiet('incoming_call');
    await answer(bob, alice, callId);
  });

  test('[LOSS-8] a call that ended meanwhile does not ring on return', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await ring(alice, bob);
    await bob.drop();
    expect(await alice.ask('end_call', { callId })).toEqual({ ok: true });
    bob.forget();
    await bob.comeBack();
    expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'cancelled' });
    await bob.quiet('incoming_call');
  });

  test('[LOSS-3] [JOIN-4] legacy behaviour 7: what the page buffered while away is handled after its join', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    await loseInCall(bob, alice, callId);
    for (const one of candidates(1, 3)) bob.send('ice_candidate', { to: alice.id, candidate: one });
    bob.send('end_call', { callId });
    await bob.comeBack();
    expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'hangup', by: bob.id });
    expect(alice.take('ice_candidate').map((got) => got.candidate)).toEqual(candidates(1, 3));
    await bob.quiet('signal_error');
  });
});
