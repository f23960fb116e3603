import { once } from 'node:events';
import type { Logger } from 'signal-core';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { answer, callTo, ring } from './call-steps.ts';
import { expectNoProcessFaults } from './process-faults.ts';
import { rawConnection } from './raw-connection.ts';
import { postJson, stage } from './stage.ts';

expectNoProcessFaults();

const CONNECT = '40';

test('[ERR-11] a connection that connects again and again is closed, and was one', async () => {
  const { url, signaling } = await stage('polling');
  const raw = await rawConnection(url, 'polling', { handshake: false });
  raw.send(...Array(1_000).fill(CONNECT));
  await raw.closed;
  expect((await signaling.stats()).connections).toBeLessThan(2);
});

test.each([['40{'], ['40/,{'], ['4 {'], ['4\t/,{']])(
  '[ERR-11] many tokens on one connection are verified once, however its connect packets begin: %j',
  async (head) => {
    const verified: string[] = [];
    const verifyToken = async (token: string) => {
      verified.push(token);
      return { id: 'ann', username: 'ann' };
    };
    const { url } = await stage('websocket', { auth: { verifyToken } });
    const raw = await rawConnection(url, 'websocket', { handshake: false });
    raw.send(...Array.from({ length: 50 }, (_, n) => `${head}"token":"${n}"}`), '40', '40/', '4');
    await raw.closed;
    expect(verified).toEqual(['0']);
  },
);

test('[ERR-10] a client that asks and never polls is cut', async () => {
  const { url, signaling } = await stage('polling', { limits: { profile: 'off', maxWaitingBytes: 100_000 } });
  const base = `${url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(base)).text()).slice(1));
  const post = (...packets: string[]) =>
    fetch(`${base}&sid=${sid}`, {
      method: 'POST',
      body: packets.join('\x1e'),
      headers: { 'content-type': 'text/plain' },
    });
  await post(CONNECT);
  let isOpen = true;
  for (let round = 0; isOpen && round < 20; round += 1) isOpen = (await post(...Array(200).fill('42["x"]'))).ok;
  expect(isOpen).toBe(false);
  expect((await signaling.stats()).connections).toBe(0);
});

test('[ERR-10] a WebSocket that does not read is cut, and its device is lost, not gone', async () => {
  const { url, join } = await stage('websocket', { graceMs: 60_000, limits: 'off' });
  const alice = await join('alice');
  const bob = await rawConnection(url, 'websocket');
  bob.send('42["join",{"id":"bob","username":"bob"}]');
  await bob.next('42["join_success"');
  const [, incoming] = await Promise.all([
    alice.send('call_user', callTo(alice, { id: 'bob' })),
    bob.next('42["incoming_call"'),
  ]);
  const { callId } = JSON.parse(incoming.slice(2))[1];
  bob.send(`42["accept_call",{"callId":"${callId}","answer":{"type":"answer","sdp":"v=0\\r\\n"}}]`);
  await alice.next('call_accepted');
  bob.pause();
  const data = 'x'.repeat(1_000);
  const lost = alice.next('call_status', ({ status }) => status === 'peer_reconnecting');
  let isLost = false;
  void lost.then(() => {
    isLost = true;
  });
  for (let sent = 0; !isLost && sent < 60; sent += 1) {
    for (let n = 0; n < 1_000; n += 1) alice.send('call_info', { callId, data });
    await alice.ask('ping', null);
  }
  await lost;
});

test('[REST-2] [ERR-4] a very long name is refused in no time', async () => {
  const { url } = await stage('websocket');
  const before = performance.now();
  const response = await postJson(`${url}/api/login`, { username: `${'a'.repeat(16_000)}\0`, password: 'x' });
  expect(response.status).toBe(400);
  const raw = await rawConnection(url, 'websocket');
  raw.send(`421["join",{"id":"long","username":"${'a'.repeat(60_000)}\\u0000"}]`);
  expect(await raw.next('431')).toContain('invalid_payload');
  // quadratic, it took 6 s; the bound is wide because machines are slow, not because this is
  expect(performance.now() - before).toBeLessThan(3_000);
});

test('[HOST-8] a logger that throws changes nothing', async () => {
  const broken = () => {
    throw new Error('the stream is gone');
  };
  const logger: Logger = { debug: broken, info: broken, warn: broken, error: broken };
  const { join } = await stage('websocket', { logger });
  const [alice, bob] = [await join('alice'), await join('bob')];
  await answer(bob, alice, await ring(alice, bob));
});

test('[LOSS-1] a page that is gone left, also when something is written to it while it closes', async () => {
  const { url, join } = await stage('websocket');
  const alice = await join('alice');
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  await once(socket, 'open');
  const packets: string[] = [];
  socket.on('message', (data) => packets.push(String(data)));
  const came = async (prefix: string) => {
    for (;;) {
      const packet = packets.find((each) => each.startsWith(prefix));
      if (packet !== undefined) return packet;
      await once(socket, 'message');
    }
  };
  socket.send(CONNECT);
  await came('40');
  socket.send('42["join",{"id":"bob","username":"bob"}]');
  await came('42["join_success"');
  alice.send('call_user', callTo(alice, { id: 'bob' }));
  const { callId } = JSON.parse((await came('42["incoming_call"')).slice(2))[1];
  socket.send(`42["accept_call",{"callId":"${callId}","answer":{"type":"answer","sdp":"v=0\\r\\n"}}]`);
  await alice.next('call_accepted');
  socket.close(1001);
  for (let n = 0; n < 20; n += 1)
    alice.send('ice_candidate', { to: 'bob', candidate: { candidate: 'candidate:late' } });
  expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
});

test('[LOSS-1] a goodbye and the end of the transport in one polling payload mean that the device left', async () => {
  const { url, join } = await stage('polling');
  const alice = await join('alice');
  const bob = await rawConnection(url, 'polling');
  bob.send('42["join",{"id":"bob","username":"bob"}]');
  await bob.next('42["join_success"');
  alice.send('call_user', callTo(alice, { id: 'bob' }));
  const { callId } = JSON.parse((await bob.next('42["incoming_call"')).slice(2))[1];
  bob.send('41', '1');
  expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
});
