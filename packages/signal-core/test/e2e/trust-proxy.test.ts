import { once } from 'node:events';
import { get } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { login, passwords, serving } from './rest-steps.ts';

const ENCRYPTED_PAGE = 'https://localhost';
const FORWARDED = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'localhost' };

const byPolling = async (url: string, headers: Record<string, string>): Promise<boolean> => {
  const [response] = await once(get(`${url}/socket.io/?EIO=4&transport=polling`, { headers }), 'response');
  response.resume();
  return response.statusCode === 200;
};

const byWebSocket = async (url: string, headers: Record<string, string>): Promise<boolean> => {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { headers });
  onTestFinished(() => ws.terminate());
  return new Promise((resolve) => ws.once('open', () => resolve(true)).once('error', () => resolve(false)));
};

describe.each([
  ['polling', byPolling],
  ['websocket', byWebSocket],
] as const)('the origin check over %s', (_, passes) => {
  test('[LIMIT-11] [HOST-9] believes the scheme and host of a trusted proxy, and of nobody else', async () => {
    const headers = { ...FORWARDED, origin: ENCRYPTED_PAGE };
    expect(await passes((await serving()).url, headers)).toBe(false);
    expect(await passes((await serving({ trustProxy: ['10.0.0.0/8'] })).url, headers)).toBe(false);
    for (const trustProxy of [1, ['127.0.0.0/8'], ['127.0.0.1']]) {
      expect(await passes((await serving({ trustProxy })).url, headers)).toBe(true);
    }
  });

  test('[LIMIT-11] [HOST-9] a trusted proxy of another name makes no page of it', async () => {
    const { url } = await serving({ trustProxy: 1 });
    const rebound = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
      origin: 'https://evil.example',
    };
    expect(await passes(url, rebound)).toBe(false);
    expect(await passes(url, { ...FORWARDED, 'x-forwarded-proto': 'http', origin: ENCRYPTED_PAGE })).toBe(false);
  });
});

describe('limits by address', () => {
  const failFrom = async (url: string, addresses: string[]) => {
    const statuses = new Set<number>();
    for (const [index, address] of addresses.entries()) {
      const response = await login(url, `name-${index}`, 'wrong', address);
      await response.text();
      statuses.add(response.status);
    }
    return [...statuses];
  };
  const many = Array.from({ length: 21 }, (_, index) => `192.0.2.${index + 1}`);

  test('[LIMIT-11] [LIMIT-6] an address that the client made up counts for nothing', async () => {
    const { url } = await serving({ auth: { passwords } });
    expect(await failFrom(url, many)).toEqual([401, 429]);
  });

  test('[LIMIT-11] [LIMIT-6] nor does one in front of what the trusted proxy added', async () => {
    const { url } = await serving({ auth: { passwords }, trustProxy: 1 });
    expect(
      await failFrom(
        url,
        many.map((made) => `${made}, 203.0.113.9`),
      ),
    ).toEqual([401, 429]);
  });

  test('[LIMIT-11] [LIMIT-6] those that a trusted proxy tells are counted apart', async () => {
    const { url } = await serving({ auth: { passwords }, trustProxy: ['127.0.0.0/8'] });
    expect(await failFrom(url, many)).toEqual([401]);
  });
});
