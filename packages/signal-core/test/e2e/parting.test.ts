import { FakeClock } from 'signal-core/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { stillTalking, talk } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { stage } from './stage.ts';

/** Waits as long as it takes, and no longer. */
const PARTING = { waitMs: 5_000, overMs: 10_000 };

test('[HOST-12] connections are left alone first, then closed at moments of their own', async () => {
  const clock = new FakeClock();
  const { signaling, connect } = await stage('websocket', { clock, joinTimeoutMs: 60_000 });
  const clients = await Promise.all(Array.from({ length: 60 }, (_, n) => connect(`client${n}`)));
  const left = async () => (await signaling.stats()).connections;
  let isClosed = false;
  const closed = signaling.close(PARTING).then(() => {
    isClosed = true;
  });
  for (const client of clients) expect(await client.next('server_draining')).toEqual({ reconnectAfterMs: 1_000 });
  await clock.advance(4_900);
  expect(await left()).toBe(60);
  expect(isClosed).toBe(false);
  const gone: number[] = [];
  for (let second = 0; second < 10; second += 1) {
    const before = await left();
    await clock.advance(1_000);
    // what has begun to close is gone a little later
    for (let turn = 0; turn < 20; turn += 1) await clock.advance(0);
    gone.push(before - (await left()));
  }
  expect(Math.max(...gone)).toBeLessThan(25);
  expect(gone.filter((count) => count > 0).length).toBeGreaterThan(5);
  await clock.advance(200);
  await closed;
});

test.each(TRANSPORTS)('[HOST-12] who is left talks on, and whose turn has come is lost, over %s', async (transport) => {
  const clock = new FakeClock();
  const { signaling, join } = await stage(transport, { clock, graceMs: 3_000 });
  const [alice, bob] = [await join('alice'), await join('bob')];
  const callId = await talk(alice, bob);
  const closed = signaling.close({ ...PARTING, reconnectAfterMs: 0 });
  await alice.next('server_draining');
  await clock.advance(4_900);
  await stillTalking(alice, bob, callId);
  // alice first, then bob
  const moments = vi.spyOn(Math, 'random').mockReturnValueOnce(0).mockReturnValueOnce(0.9);
  onTestFinished(() => moments.mockRestore());
  await clock.advance(100);
  expect(await alice.next('disconnect')).toMatch(/^transport/);
  await clock.advance(8_900);
  expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
  expect(bob.take('disconnect')).toEqual([]);
  await clock.advance(200);
  expect(await bob.next('disconnect')).toMatch(/^transport/);
  await clock.advance(100);
  await closed;
});

test('[HOST-12] it is over as soon as nobody is connected', async () => {
  const clock = new FakeClock();
  const { signaling, join } = await stage('websocket', { clock });
  const alice = await join('alice');
  const closed = signaling.close(PARTING);
  await alice.next('server_draining');
  alice.close();
  await expect.poll(async () => (await signaling.stats()).connections).toBe(0);
  await clock.advance(100);
  await closed;
  const { signaling: empty } = await stage('websocket', { clock: new FakeClock() });
  await empty.close(PARTING);
});
