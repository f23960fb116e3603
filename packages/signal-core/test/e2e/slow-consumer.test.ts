import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ScriptedClient } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { startServerProcess } from '../fuzz/server-process.ts';
import { TRANSPORTS, type Transport } from './legacy-client.ts';
import { rawConnection } from './raw-connection.ts';
import { ANSWER, OFFER } from './session-descriptions.ts';

const MiB = 1024 * 1024;
const WAITING_BYTES = 256 * 1024;
const WAITING_MS = 5_000;
/** The server looks once a second; the rest is for a busy machine. */
const MARGIN_MS = 2_000;
const MESSAGE_BYTES = 1_000;
const PER_SECOND = 1_000;
const WARM_UP = 5_000;

/** What the system itself takes for a client that does not read. */
async function kernelBytes(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const far = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  const [near] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    for (const socket of [near, far]) socket.destroy();
    server.close();
  });
  for (let before = -1; near.bytesWritten - near.writableLength > before; ) {
    before = near.bytesWritten - near.writableLength;
    for (let n = 0; n < MiB; n += MESSAGE_BYTES) near.write(Buffer.alloc(MESSAGE_BYTES));
    await pause(100);
  }
  return near.bytesWritten - near.writableLength;
}

/** A call whose callee reads frames, or does not. */
async function call(url: string, from: string, to: string, transport: Transport = 'websocket') {
  const caller = await new ScriptedClient({ url, transport: 'websocket', name: from }).connect();
  onTestFinished(() => caller.close());
  await caller.join({ id: from, username: from, deviceId: 'one' });
  const callee = await rawConnection(url, transport);
  callee.send(`42${JSON.stringify(['join', { id: to, username: to }])}`);
  await callee.next('42["join_success"');
  const callId = `${from} to ${to}`.replaceAll(' ', '-');
  await caller.ask('call_user', { callId, to, callType: 'video', offer: OFFER });
  callee.send(`42${JSON.stringify(['accept_call', { callId, answer: ANSWER }])}`);
  await caller.next('call_accepted');
  return { caller, callee, callId };
}

test.each(TRANSPORTS)(
  '[LIMIT-9] over %s who stops reading at 1,000 messages a second costs little memory, and is gone 5 s after the cap',
  async (transport) => {
    // the sender is no client as others are; what may wait is the same with all profiles
    const server = await startServerProcess({ limits: 'off' });
    onTestFinished(() => server.stop());
    const data = 'x'.repeat(MESSAGE_BYTES);
    // what a server takes that has something to do at all, with other connections: the system learns how fast one reads
    const others = await call(server.url, 'carol', 'dave');
    for (let n = 0; n < WARM_UP; n += 1) others.caller.send('call_info', { callId: others.callId, data });
    await others.caller.settle();
    const { caller: alice, callee: bob, callId } = await call(server.url, 'alice', 'bob', transport);

    const { rss: before } = await server.report();
    // by polling nothing is in the kernel that nobody asked for
    const inKernel = transport === 'websocket' ? await kernelBytes() : 0;
    const capAfterMs = ((inKernel + WAITING_BYTES) / MESSAGE_BYTES / PER_SECOND) * 1_000;
    bob.pause();
    const since = performance.now();
    let [sent, goneAfterMs, peak] = [0, 0, before];
    while (goneAfterMs === 0 && performance.now() - since < capAfterMs + 2 * WAITING_MS) {
      const due = ((performance.now() - since) / 1_000) * PER_SECOND;
      for (; sent < due; sent += 1) alice.send('call_info', { callId, data });
      await pause(10);
      if (sent % 500 < 20) peak = Math.max(peak, (await server.report()).rss);
      if (alice.order('call_status').length > 1) goneAfterMs = performance.now() - since;
    }
    peak = Math.max(peak, (await server.report()).rss);
    process.stdout.write(
      `slow consumer over ${transport}: ${sent} messages, cap after at most ${Math.round(capAfterMs)} ms, gone after ${Math.round(goneAfterMs)} ms, ` +
        `${((peak - before) / MiB).toFixed(1)} MiB more\n`,
    );
    expect(alice.log.findLast(({ event }) => event === 'call_status')?.payload).toMatchObject({
      status: 'peer_reconnecting',
    });
    expect(goneAfterMs).toBeGreaterThan(WAITING_MS);
    expect(goneAfterMs).toBeLessThan(capAfterMs + WAITING_MS + MARGIN_MS);
    expect(peak - before).toBeLessThan(20 * MiB);
    expect((await server.report()).stats.connections).toBe(3);
  },
  60_000,
);

test.each(['standard', 'off'] as const)(
  '[LIMIT-9] %s: who sends pings and does not read is cut, and costs little memory',
  async (limits) => {
    const server = await startServerProcess({ limits });
    onTestFinished(() => server.stop());
    const ws = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    onTestFinished(() => ws.terminate());
    ws.on('error', () => {});
    await once(ws, 'open');
    ws.send('40');
    await expect.poll(async () => (await server.report()).stats.connections).toBe(1);
    ws.pause();
    const { rss: before } = await server.report();
    let peak = before;
    const data = Buffer.alloc(125);
    for (let connections = 1; connections > 0; ) {
      for (let n = 0; n < 5_000 && ws.bufferedAmount < MiB && ws.readyState === WebSocket.OPEN; n += 1) ws.ping(data);
      const { rss, stats } = await server.report();
      peak = Math.max(peak, rss);
      connections = stats.connections;
    }
    process.stdout.write(`pings unread, ${limits}: ${((peak - before) / MiB).toFixed(1)} MiB more\n`);
    expect(peak - before).toBeLessThan(64 * MiB);
  },
  60_000,
);
