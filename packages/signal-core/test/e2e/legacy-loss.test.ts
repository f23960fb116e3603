import { describe, expect, test } from 'vitest';
import { answer, callTo, ring, stillTalking, talk } from './call-steps.ts';
import { type LegacyClient, TRANSPORTS } from './legacy-client.ts';
import { ANSWER, candidate, candidates } from './session-descriptions.ts';
import { stage } from './stage.ts';

const SHORT = { graceMs: 400, ringingGraceMs: 400, presenceGraceMs: 400 };

/** Loses the transport, and waits until the peer in the call is told. */
async function loseInCall(client: LegacyClient, peer: LegacyClient, callId: string) {
  await client.drop();
  expect(await peer.next('call_status', (call) => call.status === 'peer_reconnecting')).toEqual({
    status: 'peer_reconnecting',
    callId,
  });
}

const told = (peer: LegacyClient, status: string) => peer.next('call_status', (call) => call.status === status);

describe.each(TRANSPORTS)('a device that leaves over %s', (transport) => {
  test('[LOSS-1] a namespace disconnect ends its call and its presence at once', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    await alice.next('users_updated', (users) => users.length === 2);
    alice.forget();
    bob.close();
    expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
    expect(await alice.next('users_updated')).toHaveLength(1);
    await alice.quiet('call_status');
  });

  test('[LOSS-1] a caller who leaves stops the ringing', async () => {
    const { join } = await stage(transport);
    const [alice, laptop, phone] = [await join('alice'), await join('bob'), await join('bob')];
    const callId = await ring(alice, laptop);
    alice.close();
    for (const device of [laptop, phone]) {
      expect(await device.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
    }
  });

  test('[LOSS-1] a rung device that leaves does not end the call, the last one does', async () => {
    const { join } = await stage(transport);
    const [alice, laptop, phone] = [await join('alice'), await join('bob'), await join('bob')];
    const callId = await ring(alice, laptop);
    laptop.close();
    await phone.next('incoming_call');
    await phone.quiet('call_ended');
    await alice.quiet('call_ended');
    phone.close();
    expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
  });

  test('[LOSS-1] another device of the user goes on with its own call', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    (await join('bob')).close();
    await (await join('bob')).ask('leave');
    await stillTalking(alice, bob, callId);
    await alice.quiet('call_ended', 'call_status');
  });
});

describe.each(TRANSPORTS)('a device that is lost over %s', (transport) => {
  test('[LOSS-2] [LOSS-3] keeps its call; the peer hears of the loss and of the return', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    for (const [one, other] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      await loseInCall(one, other, callId);
      const success = await one.comeBack();
      expect(success.calls).toMatchObject([{ callId, status: 'active', here: true }]);
      expect(await told(other, 'peer_reconnected')).toEqual({ status: 'peer_reconnected', callId });
      await stillTalking(alice, bob, callId);
    }
    await alice.quiet('call_ended', 'incoming_call');
    await bob.quiet('call_ended', 'incoming_call');
  });

  test('[LOSS-2] [LOSS-5] without a return the call ends after graceMs', async () => {
    const { join } = await stage(transport, { graceMs: 400 });
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    const since = performance.now();
    await loseInCall(bob, alice, callId);
    expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
    expect(performance.now() - since).toBeGreaterThan(350);
    expect((await bob.comeBack()).calls).toEqual([]);
  });

  test('[LOSS-5] two lost devices end the call, and nothing is left', async () => {
    const { join, signaling } = await stage(transport, SHORT);
    const [alice, bob, watcher] = [await join('alice'), await join('bob'), await join('watcher')];
    await talk(alice, bob);
    await watcher.next('users_updated', (users) => users.length === 3);
    watcher.forget();
    await Promise.all([alice.drop(), bob.drop()]);
    await watcher.next('users_updated', (users) => users.length === 1);
    await expect.poll(() => signaling.stats()).toMatchObject({ activeUsers: 1, activeCalls: 0 });
  });

  test('[LOSS-2] a ringing caller has ringingGraceMs only', async () => {
    const { join } = await stage(transport, { graceMs: 60_000, ringingGraceMs: 300 });
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await ring(alice, bob);
    await alice.drop();
    expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
  });

  test('[LOSS-2] a rung device that does not return leaves the ringing, the last one ends it', async () => {
    const { join } = await stage(transport, SHORT);
    const [alice, laptop, phone] = [await join('alice'), await join('bob'), await join('bob')];
    const callId = await ring(alice, laptop);
    await laptop.drop();
    await phone.drop();
    expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
  });

  test('[LOSS-3] the same user agent is the same legacy device', async () => {
    const { join } = await stage(transport);
    const [alice, lost] = [await join('alice'), await join('bob', {}, { userAgent: 'firefox' })];
    const callId = await talk(alice, lost);
    await loseInCall(lost, alice, callId);
    // A page that was reloaded: another connection, nothing but the user agent in common.
    const reloaded = await join('bob', {}, { userAgent: 'firefox' });
    await told(alice, 'peer_reconnected');
    await stillTalking(alice, reloaded, callId);
  });

  test('[LOSS-3] another user agent is another device', async () => {
    const { join } = await stage(transport, { graceMs: 1_000 });
    const [alice, lost] = [await join('alice'), await join('bob', {}, { userAgent: 'firefox' })];
    const callId = await talk(alice, lost);
    await loseInCall(lost, alice, callId);
    const other = await join('bob', {}, { userAgent: 'chrome' });
    await other.quiet('ice_candidate', 'incoming_call');
    expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
    await alice.quiet('call_status');
  });

  test('[LOSS-3] of two lost legacy devices that look the same none is guessed', async () => {
    const { join } = await stage(transport, { graceMs: 1_000, maxCallsPerUser: 2 });
    const [alice, carol] = [await join('alice'), await join('carol')];
    const first = await join('bob');
    const callOfFirst = await talk(alice, first);
    const second = await join('bob');
    const callOfSecond = await talk(carol, second);
    await loseInCall(first, alice, callOfFirst);
    await loseInCall(second, carol, callOfSecond);
    const returned = await join('bob');
    expect(await alice.next('call_ended')).toMatchObject({ callId: callOfFirst, reason: 'peer_disconnected' });
    expect(await carol.next('call_ended')).toMatchObject({ callId: callOfSecond, reason: 'peer_disconnected' });
    await returned.quiet('call_ended', 'incoming_call');
  });

  test('[LOSS-3] the same deviceId is the same device, whatever its user agent', async () => {
    const { join } = await stage(transport);
    const alice = await join('alice');
    const lost = await join('bob', { deviceId: 'phone' }, { userAgent: 'firefox' });
    const callId = await talk(alice, lost);
    await loseInCall(lost, alice, callId);
    const back = await join('bob', { deviceId: 'phone' }, { userAgent: 'firefox, updated' });
    await told(alice, 'peer_reconnected');
    await stillTalking(alice, back, callId);
  });

  test('[LOSS-3] another deviceId is another device', async () => {
    const { join } = await stage(transport, { graceMs: 1_000 });
    const [alice, lost] = [await join('alice'), await join('bob', { deviceId: 'phone' })];
    const callId = await talk(alice, lost);
    await loseInCall(lost, alice, callId);
    await join('bob', { deviceId: 'tablet' });
    await join('bob');
    expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
    await alice.quiet('call_status');
  });

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

describe('what a closed WebSocket means', () => {
  test('[LOSS-1] code 1001, the page is gone: the device left', async () => {
    const { join } = await stage('websocket');
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    await alice.next('users_updated', (users) => users.length === 2);
    alice.forget();
    await bob.closePage();
    expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
    expect(await alice.next('users_updated')).toHaveLength(1);
    await alice.quiet('call_status');
  });

  test('[LOSS-2] a broken TCP connection: the device is lost', async () => {
    const { join } = await stage('websocket');
    const [alice, bob] = [await join('alice'), await join('bob')];
    const callId = await talk(alice, bob);
    await bob.cutWire();
    await told(alice, 'peer_reconnecting');
    await bob.comeBack();
    await told(alice, 'peer_reconnected');
    await stillTalking(alice, bob, callId);
  });
});
