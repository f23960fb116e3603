import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { promisify } from 'node:util';
import { FakeClock } from 'signal-core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { TRANSPORTS } from './legacy-client.ts';
import { expectNoProcessFaults } from './process-faults.ts';
import { rawConnection } from './raw-connection.ts';
import { type Stage, stage } from './stage.ts';

expectNoProcessFaults();

const BURST = 20;

/** A server whose time stands still: nothing fills up. */
const still = async (limits: 'standard' | 'relaxed' | 'off' = 'standard') => {
  const clock = new FakeClock();
  return { clock, ...(await stage('websocket', { limits, clock })) };
};

/** A WebSocket without anything on it. */
async function webSocket({ url }: Stage, sid?: string) {
  const session = sid === undefined ? '' : `&sid=${sid}`;
  const ws = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket${session}`);
  onTestFinished(() => ws.terminate());
  ws.on('error', () => {});
  const pongs: unknown[] = [];
  ws.on('pong', (data) => pongs.push(data));
  await once(ws, 'open');
  return { ws, pongs };
}

const connectionsOf = (server: Server) => promisify(server.getConnections.bind(server))();

/** A WebSocket whose client reads nothing at all, not even that it was closed. */
async function deaf({ server }: Stage, frames: string[] = [], sid?: string) {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket${sid ? `&sid=${sid}` : ''} HTTP/1.1\r\nHost: x\r\n` +
      'Connection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await once(socket, 'data');
  socket.pause();
  for (const frame of frames) socket.write(masked(frame));
}

/** A text frame of a client; its mask is 0. */
function masked(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

describe.each(['standard', 'relaxed'] as const)('%s', (limits) => {
  test.each(['ping', 'pong'] as const)(
    `[LIMIT-3] ${BURST} WebSocket %ss pass, and one more cuts, before any connect packet`,
    async (kind) => {
      const { ws, pongs } = await webSocket(await still(limits));
      for (let n = 0; n < BURST; n += 1) ws[kind]('x');
      ws.ping('last');
      const [, reason] = await once(ws, 'close');
      expect(String(reason)).toBe('');
      expect(pongs.length).toBeLessThanOrEqual(BURST + 1);
    },
  );
});

test('[LIMIT-3] so does a WebSocket that a polling client tries', async () => {
  const running = await still();
  const opening = await (await fetch(`${running.url}/socket.io/?EIO=4&transport=polling`)).text();
  const { ws } = await webSocket(running, JSON.parse(opening.slice(1)).sid);
  for (let n = 0; n <= BURST; n += 1) ws.send('2probe');
  await once(ws, 'close');
});

describe.each(TRANSPORTS)('over %s', (transport) => {
  test.each([
    ['pongs', '3'],
    ['noops', '6'],
    ['large noops', `6${'x'.repeat(5_000)}`],
  ])(`[LIMIT-3] ${BURST} %s pass, one more cuts, and the device is lost`, async (_, packet) => {
    const running = await still();
    const raw = await rawConnection(running.url, transport);
    raw.send('42["join",{"id":"mallory","username":"mallory"}]');
    await raw.next('42["join_success"');
    raw.send(...Array(BURST).fill(packet));
    await raw.settle();
    raw.send(packet, '421["ping"]');
    await raw.closed;
    expect(raw.frames.filter((frame) => frame.startsWith('431['))).toEqual([]);
    await expect.poll(async () => (await running.signaling.stats()).connections).toBe(0);
    // lost, not left: it may come back for some seconds
    expect((await running.signaling.stats()).activeUsers).toBe(1);
  });

  test('[LIMIT-3] two a second pass for ever', async () => {
    const { clock, url } = await still();
    const raw = await rawConnection(url, transport);
    raw.send('42["join",{"id":"alice","username":"alice"}]');
    for (let second = 0; second < 3 * BURST; second += 1) {
      raw.send('3', '6');
      await raw.settle();
      await clock.advance(1_000);
    }
    expect(raw.isOpen()).toBe(true);
  });

  test('[LIMIT-3] off cuts nobody for them', async () => {
    const raw = await rawConnection((await still('off')).url, transport);
    raw.send(...Array(500).fill('3'));
    await raw.settle();
  });
});

test('[LIMIT-10] who never connects is cut after 5 s, though it reads nothing', async () => {
  const running = await still();
  await deaf(running);
  await running.clock.advance(4_999);
  expect(await connectionsOf(running.server)).toBe(1);
  await running.clock.advance(1);
  await expect.poll(() => connectionsOf(running.server)).toBe(0);
});

test('[LIMIT-3] who is kicked is cut at once, though it reads nothing', async () => {
  const running = await still();
  await deaf(running, ['40', ...Array(200).fill('42["nonsense"]')]);
  await expect.poll(() => connectionsOf(running.server), { timeout: 3_000 }).toBe(0);
});

test('[LIMIT-10] who is sent away by a protocol error is cut, though it reads nothing', async () => {
  const running = await still();
  await deaf(running, ['4x']);
  await expect.poll(() => connectionsOf(running.server), { timeout: 3_000 }).toBe(0);
});

test('[LIMIT-10] a second WebSocket of one session is turned away, and cut though it reads nothing', async () => {
  const running = await still();
  const opening = await (await fetch(`${running.url}/socket.io/?EIO=4&transport=polling`)).text();
  const { sid } = JSON.parse(opening.slice(1));
  await webSocket(running, sid);
  await deaf(running, [], sid);
  running.server.closeIdleConnections();
  await expect.poll(() => connectionsOf(running.server), { timeout: 3_000 }).toBe(1);
});
