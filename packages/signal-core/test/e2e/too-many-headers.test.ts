import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { login, passwords, serving } from './rest-steps.ts';

/** Of a proxy that adds its lines behind those of the client. @returns the answer as it came */
async function passedOn(url: string, path: string, headers: string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write([`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n'));
  return text(socket);
}

const junk = (count: number) => Array.from({ length: count }, (_, n) => `a${n}: b`);
const FORWARDED = ['X-Forwarded-For: 203.0.113.9', 'X-Forwarded-Proto: https'];

/** As a server may be set, and how many headers it keeps then: Node drops what is more, and says nothing. */
const KEPT: [name: string, maxHeadersCount: number | undefined, kept: number][] = [
  ['64', 64, 64],
  ['as many as Node likes', undefined, 1_000],
  ['any number', 0, 1_400],
];

describe.each(KEPT)('a server that keeps headers: %s', (_, maxHeadersCount, kept) => {
  const start = async () => {
    const running = await serving({ auth: { passwords }, metrics: true, trustProxy: 1 });
    if (maxHeadersCount !== undefined) running.server.maxHeadersCount = maxHeadersCount;
    return running;
  };

  test('[AUTH-10] [METRICS-1] junk does not hide that a request was passed on', async () => {
    const { url } = await start();
    for (const count of [0, kept / 2, kept - 3, kept - 2, kept, kept + 40]) {
      const headers = [...junk(count), ...FORWARDED];
      // Node takes 16 KiB of them
      if (headers.join('\r\n').length > 16_000) continue;
      expect(await passedOn(url, '/health', headers), `${count}`).not.toContain('uptime');
      expect(await passedOn(url, '/metrics', headers), `${count}`).toMatch(/^HTTP\/1.1 401 /);
    }
  });

  test('[AUTH-10] who sends a few is local', async () => {
    const { url } = await start();
    expect(await passedOn(url, '/health', junk(20))).toContain('uptime');
    expect(await passedOn(url, '/metrics', junk(20))).toMatch(/^HTTP\/1.1 200 /);
  });
});

test('[LIMIT-11] where the last may be missing, the first is not believed', async () => {
  const limits = { connectionsPerAddress: 20 };
  const { url, server } = await serving({ auth: { passwords }, trustProxy: 1, limits });
  server.maxHeadersCount = 64;
  const statuses = new Set<string>();
  for (let n = 1; n <= 61; n += 1) {
    const made = `X-Forwarded-For: 192.0.2.${n}`;
    const answer = await passedOn(url, '/socket.io/?EIO=4&transport=polling', [made, ...junk(61), ...FORWARDED]);
    statuses.add(answer.slice(9, 12));
  }
  expect([...statuses]).toEqual(['200', '429']);
});

test.each([['192.0.2.7:5678'], ['[2001:db8::7]:80'], ['[2001:db8::7]']])(
  '[LIMIT-11] [LIMIT-6] a proxy may tell the port, too: %s',
  async (address) => {
    const { url } = await serving({ auth: { passwords }, trustProxy: 1 });
    const statusOf = async (from: string) => (await login(url, `name-${Math.random()}`, 'wrong', from)).status;
    for (let n = 0; n < 21; n += 1) await statusOf(address);
    expect(await statusOf(address)).toBe(429);
    expect(await statusOf('203.0.113.9:1')).toBe(401);
  },
);
