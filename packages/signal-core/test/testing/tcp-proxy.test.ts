import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { TcpProxy } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';

/** Two ends with a proxy between them; each keeps what it read. */
async function wire() {
  const server = createServer({ allowHalfOpen: true });
  server.on('connection', (socket) => socket.on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await TcpProxy.before(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const arrived = once(server, 'connection') as Promise<[Socket]>;
  const near = end(connect({ port: Number(new URL(proxy.url).port), host: '127.0.0.1', allowHalfOpen: true }));
  const far = end((await arrived)[0]);
  onTestFinished(async () => {
    near.socket.destroy();
    far.socket.destroy();
    await proxy.close();
    server.close();
  });
  return { proxy, near, far };
}

function end(socket: Socket) {
  let read = '';
  let wake = () => {};
  const happened: string[] = [];
  socket.on('data', (chunk) => {
    read += String(chunk);
    wake();
  });
  socket.on('end', () => happened.push('end'));
  socket.on('error', (error: NodeJS.ErrnoException) => happened.push(String(error.code)));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  /** Waits until so many characters have come. */
  const readTo = async (length: number): Promise<string> => {
    while (read.length < length) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return read;
  };
  return { socket, readTo, happened, closed, read: () => read };
}

/** Long enough for loopback to bring what is under way. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 100));

test('[TEST-7] bytes and ends pass unchanged, each way', async () => {
  const { near, far, proxy } = await wire();
  const long = Array.from({ length: 300_000 }, (_, n) => `${n},`).join('');
  near.socket.end(long);
  far.socket.write(`back ${long}`);
  expect(await far.readTo(long.length)).toBe(long);
  expect(await near.readTo(long.length + 5)).toBe(`back ${long}`);
  await aMoment();
  expect([near.happened, far.happened]).toEqual([[], ['end']]);
  far.socket.end('bye');
  expect(await near.readTo(long.length + 8)).toMatch(/bye$/);
  await near.closed;
  expect(near.happened).toEqual(['end']);
  expect(proxy.connections).toBe(0);
});

test.each([
  ['[TEST-7] what nobody reads is not piled up in between', false],
  ['[TEST-8] what a frozen proxy does not pass on stays with who sent it', true],
])('%s', async (_, isFrozen) => {
  const { near, far, proxy } = await wire();
  if (isFrozen) proxy.freeze();
  else near.socket.pause();
  for (let chunk = 0; chunk < 64; chunk += 1) far.socket.write(Buffer.alloc(1024 * 1024));
  let waiting = 0;
  do {
    waiting = far.socket.writableLength;
    await aMoment();
  } while (far.socket.writableLength < waiting);
  expect(waiting).toBeGreaterThan(32 * 1024 * 1024);
});

test('[TEST-7] a delay holds back every byte, and keeps the order when it changes', async () => {
  const { near, far, proxy } = await wire();
  proxy.delayMs = 300;
  const began = performance.now();
  near.socket.write('slow ');
  await aMoment();
  proxy.delayMs = 0;
  near.socket.write('fast ');
  near.socket.end();
  expect(await far.readTo(10)).toBe('slow fast ');
  expect(performance.now() - began).toBeGreaterThanOrEqual(299);
  if (!far.happened.includes('end')) await once(far.socket, 'end');
});

test('[TEST-7] cut resets both sides, and new connections are taken', async () => {
  const { near, far, proxy } = await wire();
  near.socket.write('hello');
  await far.readTo(5);
  proxy.cut();
  await Promise.all([near.closed, far.closed]);
  expect([near.happened, far.happened]).toEqual([['ECONNRESET'], ['ECONNRESET']]);
  const again = connect(Number(new URL(proxy.url).port), '127.0.0.1');
  await once(again, 'connect');
  again.destroy();
});

test('[TEST-7] a reset of one side is passed on as one', async () => {
  const { near, far } = await wire();
  near.socket.write('hello');
  await far.readTo(5);
  near.socket.resetAndDestroy();
  await far.closed;
  expect(far.happened).toEqual(['ECONNRESET']);
});

test('[TEST-8] a frozen proxy passes nothing on and tells nobody; thawed, everything follows in order', async () => {
  const { near, far, proxy } = await wire();
  near.socket.write('1');
  await far.readTo(1);
  proxy.freeze();
  proxy.freeze();
  near.socket.write('2');
  far.socket.end('back');
  await aMoment();
  near.socket.end('3');
  await aMoment();
  expect([far.read(), near.read(), near.happened, far.happened]).toEqual(['1', '', [], []]);
  expect(proxy.connections).toBe(1);
  proxy.thaw();
  expect(await far.readTo(3)).toBe('123');
  expect(await near.readTo(4)).toBe('back');
});

test('[TEST-8] what is under way when it freezes stays there', async () => {
  const { near, far, proxy } = await wire();
  proxy.delayMs = 50;
  near.socket.write('1');
  await aMoment();
  near.socket.write('2');
  await new Promise((resolve) => setTimeout(resolve, 10));
  proxy.freeze();
  await aMoment();
  expect(far.read()).toBe('1');
  proxy.thaw();
  expect(await far.readTo(2)).toBe('12');
});

test('[TEST-8] a connection made while it is frozen waits like the others', async () => {
  const { proxy } = await wire();
  proxy.freeze();
  const late = end(connect(Number(new URL(proxy.url).port), '127.0.0.1'));
  onTestFinished(() => void late.socket.destroy());
  await once(late.socket, 'connect');
  late.socket.resetAndDestroy();
  await aMoment();
  expect(proxy.connections).toBeGreaterThanOrEqual(1);
});

test('[TEST-7] a proxy that is down resets what is there and what is tried, until it comes up', async () => {
  const { near, far, proxy } = await wire();
  const dial = () => end(connect({ port: Number(new URL(proxy.url).port), host: '127.0.0.1' }));
  proxy.goDown();
  const refused = dial();
  await Promise.all([near.closed, far.closed, refused.closed]);
  expect([near.happened, refused.happened]).toEqual([['ECONNRESET'], ['ECONNRESET']]);
  proxy.comeUp();
  const taken = dial();
  await once(taken.socket, 'connect');
  await aMoment();
  expect(taken.happened).toEqual([]);
  taken.socket.destroy();
});
