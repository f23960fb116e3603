import { describe, expect, test } from 'vitest';
import { ring, stillTalking, talk } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { loseInCall, told } from './loss-steps.ts';
import { rawConnection } from './raw-connection.ts';
import { ANSWER, OFFER } from './session-descriptions.ts';
import { stage } from './stage.ts';

const FULL = process.env.TEST_SCALE === 'full';
const SHORT = { graceMs: 400, ringingGraceMs: 400, presenceGraceMs: 400 };

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
    expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
    await alice.quiet('call_status');
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

  test('[LOSS-2] a frame that cannot be parsed: the device is lost', async () => {
    const { join, login, tokenOf, url } = await stage('websocket');
    const [alice, bob] = [await join('alice'), { ...(await login('bob')), token: await tokenOf('bob') }];
    const raw = await rawConnection(url, 'websocket');
    raw.send(`42${JSON.stringify(['join', bob])}`);
    await raw.next('42["join_success"');
    raw.send(`42${JSON.stringify(['call_user', { to: alice.id, callType: 'video', offer: OFFER, callId: 'x' }])}`);
    await alice.next('incoming_call');
    expect(await alice.ask('accept_call', { callId: 'x', answer: ANSWER })).toEqual({ ok: true });
    raw.send('42["ping"');
    await raw.closed;
    await told(alice, 'peer_reconnecting');
    await alice.quiet('call_ended');
  });

  test.runIf(FULL)('[LOSS-2] silence without a FIN is noticed within 15 s: the device is lost', async () => {
    const { join } = await stage('websocket');
    const [alice, bob] = [await join('alice'), await join('bob')];
    await talk(alice, bob);
    bob.freeze();
    await expect.poll(() => alice.order('call_status').length, { timeout: 15_500 }).toBe(2);
    await told(alice, 'peer_reconnecting');
    await bob.cutWire();
  });
});
