import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { SignalingServer } from 'signal-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { expectCall, listening, signalingServer } from './guest-steps.ts';
import { HOST_KINDS, HOSTS, SLOW_UPGRADE_MS, traces } from './hosts.ts';
import { TRANSPORTS } from './legacy-client.ts';

/** Through the host's own WebSocket and back. */
async function echo(url: string, path = '/own'): Promise<string> {
  const ws = new WebSocket(url.replace('http', 'ws') + path);
  onTestFinished(() => ws.terminate());
  await once(ws, 'open');
  ws.send('hello');
  const [data] = await once(ws, 'message');
  ws.close();
  return String(data);
}

/** Asks for an upgrade by hand; resolves with all that comes until the socket is closed. */
async function upgradeByHand(url: string, path: string): Promise<string> {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'close');
  return text;
}

describe.each(HOST_KINDS)('%s', (kind) => {
  const hasOwnWebSocket = kind !== 'a host without an upgrade listener';

  describe.each(['before', 'after'])('attached %s the host’s own listeners', (order) => {
    test.each(TRANSPORTS)(
      '[HOST-1] calls work over %s, and the host’s own things before, during and after',
      async (transport) => {
        const { server, listen: listenAsHost } = HOSTS[kind]();
        const signaling = signalingServer();
        if (order === 'before') signaling.attach(server);
        listenAsHost();
        const url = await listening(server);
        const expectHost = async () => {
          expect(await (await fetch(`${url}/own-route`)).text()).toBe('the host');
          if (hasOwnWebSocket) expect(await echo(url)).toBe('echo hello');
        };
        if (order === 'after') {
          await expectHost();
          signaling.attach(server);
        }
        await expectHost();
        await expectCall(url, transport);
        await expectHost();
        await signaling.close();
        expect(server.listening).toBe(true);
        await expectHost();
      },
    );
  });

  test('[HOST-1] [HOST-2] takes exactly its own path', async () => {
    const { server, listen: listenAsHost } = HOSTS[kind]();
    listenAsHost();
    const signaling = signalingServer();
    const url = await listening(server);
    const paths = ['/socket.iox/?EIO=4&transport=polling', '/socket.io-admin', '/x/socket.io/', '/SOCKET.IO/', '/'];
    const answers = () =>
      Promise.all(
        paths.map(async (path) => {
          const response = await fetch(url + path);
          return [path, response.status, await response.text()];
        }),
      );
    const before = await answers();
    signaling.attach(server);
    expect(await answers()).toEqual(before);
    expect((await fetch(`${url}/socket.io/?EIO=4&transport=polling`)).status).toBe(200);
  });

  test('[HOST-4] attach and close 100 times leave the server as it was', async () => {
    const { server, listen: listenAsHost } = HOSTS[kind]();
    listenAsHost();
    const url = await listening(server);
    await fetch(`${url}/own-route`);
    const before = traces(server);
    for (let round = 0; round < 100; round += 1) {
      const signaling = new SignalingServer({ auth: 'open' });
      expect(signaling.attach(server)).toBe(signaling);
      await signaling.close();
    }
    expect(traces(server)).toEqual(before);
    expect(server.emit).toBe(before.emit);
    expect(await (await fetch(`${url}/own-route`)).text()).toBe('the host');
  });
});

describe('the host’s slow things', () => {
  test('[HOST-2] a WebSocket upgrade that takes 1.5 s works before, during and after', async () => {
    const host = HOSTS['a host that destroys unknown upgrades']();
    host.listen();
    const url = await listening(host.server);
    const signaling = signalingServer();
    const begun = performance.now();
    const before = echo(url, '/own?slow');
    signaling.attach(host.server);
    const during = echo(url, '/own?slow');
    await expectCall(url, 'websocket');
    expect(await Promise.all([before, during])).toEqual(['echo hello', 'echo hello']);
    expect(performance.now() - begun).toBeGreaterThan(SLOW_UPGRADE_MS - 50);
    const across = echo(url, '/own?slow');
    await signaling.close();
    const after = echo(url, '/own?slow');
    expect(await Promise.all([across, after])).toEqual(['echo hello', 'echo hello']);
  });

  test('[HOST-2] an open WebSocket of the host outlives attach and close', async () => {
    const host = HOSTS['a host that destroys unknown upgrades']();
    host.listen();
    const url = await listening(host.server);
    const ws = new WebSocket(`${url.replace('http', 'ws')}/own`);
    onTestFinished(() => ws.terminate());
    await once(ws, 'open');
    const signaling = signalingServer().attach(host.server);
    await expectCall(url, 'websocket');
    await signaling.close();
    ws.send('still there');
    const [data] = await once(ws, 'message');
    expect(String(data)).toBe('echo still there');
  });

  test.each(TRANSPORTS)(
    '[HOST-2] a `request` listener of the host sees its own requests only, over %s',
    async (transport) => {
      const server = createServer();
      const seen: string[] = [];
      server.on('request', (req, res) => {
        seen.push(req.url ?? '');
        res.end('the host');
      });
      const url = await listening(server);
      const signaling = signalingServer().attach(server);
      const late: string[] = [];
      server.on('request', (req) => late.push(req.url ?? ''));
      await expectCall(url, transport);
      await fetch(`${url}/mine?x=1`);
      expect([seen, late]).toEqual([['/mine?x=1'], ['/mine?x=1']]);
      await signaling.close();
      await fetch(`${url}/mine?x=2`);
      expect(seen).toContain('/mine?x=2');
      expect(late).toEqual(seen);
    },
  );

  test('[HOST-3] without another upgrade listener a foreign upgrade is answered by the host, and closed', async () => {
    const server = createServer((req, res) => {
      res.statusCode = 404;
      res.end(`the host knows no ${req.url}`);
    });
    const url = await listening(server);
    const signaling = signalingServer().attach(server);
    expect(await upgradeByHand(url, '/foreign')).toMatch(/^HTTP\/1\.1 404 [\s\S]*the host knows no \/foreign/);
    await expectCall(url, 'websocket');
    await signaling.close();
  });

  test('[HOST-3] an upgrade that the host’s own listener takes is left to it alone', async () => {
    const server = createServer((_, res) => res.end('not for a browser'));
    server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 418 I am a teapot\r\n\r\n'));
    const url = await listening(server);
    signalingServer().attach(server);
    expect(await upgradeByHand(url, '/foreign')).toMatch(/^HTTP\/1\.1 418 /);
  });
});
