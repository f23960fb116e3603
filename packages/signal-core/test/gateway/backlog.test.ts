import { once } from 'node:events';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Socket as EngineSocket } from 'engine.io';
import { expect, onTestFinished, test } from 'vitest';
import { Backlog } from '../../src/gateway/bounds/backlog.ts';
import { LIMIT_PROFILES, type Limits } from '../../src/limits.ts';

const MiB = 1024 * 1024;
const NOW = Date.UTC(2030, 0, 1);

/** A TCP connection whose other end reads when it is told to. */
async function tcp(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const far = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [near] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return { near, far: far.pause() };
}

/** As much of an Engine.IO connection as is looked at: over a WebSocket on that TCP connection, or by polling. */
function backlog(parts: { near?: Socket; writeBuffer?: { data: string }[] }, own: Partial<Limits> = {}) {
  const conn = { writeBuffer: parts.writeBuffer ?? [], transport: parts.near && { socket: { _socket: parts.near } } };
  conn.transport ??= {} as never;
  return new Backlog(conn as unknown as EngineSocket, { ...LIMIT_PROFILES.standard, ...own });
}

/** Writes until so many bytes wait in this process. */
function fill(near: Socket, waiting: number): void {
  while (near.writableLength < waiting) near.write(Buffer.alloc(Math.min(waiting - near.writableLength, 64 * 1024)));
}

/** Takes the kernel's buffers out of the way: from now on what is written waits here. */
async function fillTheKernel(near: Socket): Promise<void> {
  for (;;) {
    const drained = once(near, 'drain');
    if (near.write(Buffer.alloc(MiB))) continue;
    const isStuck = await Promise.race([
      drained.then(() => false),
      new Promise((done) => setTimeout(() => done(true), 200)),
    ]);
    if (isStuck) return;
  }
}

test('[LIMIT-9] over WebSocket: 8 MiB that wait are too much at once, and no byte less', async () => {
  const { near } = await tcp();
  const slow = backlog({ near });
  near.cork();
  near.write(Buffer.alloc(8 * MiB));
  expect(slow.isOverflowing).toBe(false);
  near.write('x');
  expect(slow.isOverflowing).toBe(true);
});

test('[LIMIT-9] over WebSocket: 256 KiB of which the oldest is 5 s old are too much, and no sooner', async () => {
  const { near } = await tcp();
  await fillTheKernel(near);
  const slow = backlog({ near });
  fill(near, 256 * 1024);
  expect(slow.isStale(NOW)).toBe(false);
  expect(slow.isStale(NOW + 4_999)).toBe(false);
  expect(slow.isStale(NOW + 5_000)).toBe(true);
});

test('[LIMIT-9] over WebSocket: 256 packets, however small', async () => {
  const { near } = await tcp();
  await fillTheKernel(near);
  const slow = backlog({ near }, { waitingBytes: Number.POSITIVE_INFINITY });
  expect(slow.isStale(NOW)).toBe(false);
  for (let n = 0; n < 255; n += 1) near.write('x');
  expect(slow.isStale(NOW + 5_000)).toBe(false);
  near.write('x');
  expect(slow.isStale(NOW + 5_000)).toBe(true);
});

test('[LIMIT-9] over WebSocket: a client that reads, however far behind, is not cut while the oldest keeps going', async () => {
  const { near, far } = await tcp();
  await fillTheKernel(near);
  const slow = backlog({ near });
  for (let now = NOW; now < NOW + 60_000; now += 4_900) {
    fill(near, MiB);
    expect(slow.isStale(now)).toBe(false);
    const written = near.bytesWritten;
    near.write(Buffer.alloc(MiB));
    while (near.bytesWritten - near.writableLength < written) {
      far.read();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});

test('[LIMIT-9] over polling: 256 packets or 256 KiB of which the first is 5 s old', () => {
  const writeBuffer = Array.from({ length: 255 }, () => ({ data: 'x' }));
  const slow = backlog({ writeBuffer });
  expect(slow.isStale(NOW)).toBe(false);
  expect(slow.isStale(NOW + 5_000)).toBe(false);
  writeBuffer.push({ data: 'x' });
  expect(slow.isStale(NOW + 4_999)).toBe(false);
  expect(slow.isStale(NOW + 5_000)).toBe(true);
  const large = backlog({ writeBuffer: [{ data: 'x'.repeat(256 * 1024) }] });
  expect(large.isStale(NOW)).toBe(false);
  expect(large.isStale(NOW + 5_000)).toBe(true);
});

test('[LIMIT-9] over polling: what was fetched no longer waits', () => {
  const packets = () => Array.from({ length: 300 }, () => ({ data: 'x' }));
  const conn = { writeBuffer: packets(), transport: {} };
  const slow = new Backlog(conn as unknown as EngineSocket, LIMIT_PROFILES.standard);
  for (let second = 0; second < 20; second += 4) {
    expect(slow.isStale(NOW + second * 1_000)).toBe(false);
    conn.writeBuffer = packets();
  }
});

test('[LIMIT-9] over polling: 8 MiB are too much at once, however they came', () => {
  const conn = { writeBuffer: [] as { data: string }[], transport: {} };
  const slow = new Backlog(conn as unknown as EngineSocket, LIMIT_PROFILES.standard);
  for (let n = 0; n < 8; n += 1) {
    conn.writeBuffer.push({ data: 'x'.repeat(MiB) });
    expect(slow.isOverflowing).toBe(false);
  }
  conn.writeBuffer.push({ data: 'x' });
  expect(slow.isOverflowing).toBe(true);
  conn.writeBuffer = [{ data: 'x' }];
  expect(slow.isOverflowing).toBe(false);
});

/** A poll whose answer nobody reads. */
async function unreadPoll(): Promise<{ response: ServerResponse; client: Socket }> {
  const server = createHttpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  return { response, client };
}

test('[LIMIT-9] over polling: an answer that is not read waits, and is no reason to get the next', async () => {
  const slow = new Backlog({ writeBuffer: [], transport: {} } as unknown as EngineSocket, LIMIT_PROFILES.standard);
  const { response: first, client } = await unreadPoll();
  expect(slow.answer(first)).toBe(true);
  first.end(Buffer.alloc(32 * MiB));
  expect(slow.isOverflowing).toBe(true);
  expect(slow.isStale(NOW)).toBe(false);
  expect(slow.isStale(NOW + 5_000)).toBe(true);
  const { response: second } = await unreadPoll();
  expect(slow.answer(second)).toBe(false);
  client.resume();
  expect(first.destroyed).toBe(true);
});

test('[LIMIT-9] over polling: an answer that was read waits no longer', async () => {
  const slow = new Backlog({ writeBuffer: [], transport: {} } as unknown as EngineSocket, LIMIT_PROFILES.standard);
  const { response: first, client } = await unreadPoll();
  slow.answer(first);
  first.end(Buffer.alloc(32 * MiB));
  client.resume();
  await once(first, 'finish');
  expect(slow.isOverflowing).toBe(false);
  expect(slow.answer((await unreadPoll()).response)).toBe(true);
});
