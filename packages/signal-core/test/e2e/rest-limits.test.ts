import type { LimitOptions } from 'signal-core';
import { FakeClock } from 'signal-core/testing';
import { expect, test } from 'vitest';
import { serving } from './rest-steps.ts';

/** A server behind a proxy that tells the address of the client. */
async function world(limits: LimitOptions) {
  const clock = new FakeClock();
  const { url } = await serving({ auth: 'open', clock, trustProxy: 1, limits, metrics: true });
  const get = (path: string, address = '192.0.2.7') => fetch(url + path, { headers: { 'x-forwarded-for': address } });
  const statuses = async (paths: string[], address?: string) => {
    const all: number[] = [];
    for (const path of paths) {
      const response = await get(path, address);
      await response.text();
      all.push(response.status);
    }
    return all;
  };
  return { clock, get, statuses };
}

const PATHS = ['/api/users', '/api/online-users', '/api/ice-servers'];

test('[LIMIT-12] a network reads lists and ICE servers so often a minute, then 429 says how long to wait', async () => {
  const { clock, get, statuses } = await world({ requestsPerMinuteByAddress: 6 });
  expect(await statuses([...PATHS, ...PATHS, ...PATHS])).toEqual([200, 200, 200, 200, 200, 200, 429, 429, 429]);
  const refused = await get('/api/users');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
  expect(await refused.json()).toEqual({ error: expect.any(String), code: 'rate_limited', retryAfterMs: 10_000 });
  expect(await statuses(['/health', '/API/Users/'])).toEqual([200, 429]);
  expect(await statuses(PATHS, '192.0.2.8')).toEqual([200, 200, 200]);
  await clock.advance(10_000);
  expect(await statuses(['/api/users', '/api/users'])).toEqual([200, 429]);
});

test('[LIMIT-12] of IPv6 a network is a /64', async () => {
  const { statuses } = await world({ requestsPerMinuteByAddress: 1 });
  expect(await statuses(['/api/users'], '2001:db8::1')).toEqual([200]);
  expect(await statuses(['/api/users'], '2001:db8::2')).toEqual([429]);
  expect(await statuses(['/api/users'], '2001:db8:0:1::1')).toEqual([200]);
});

test('[LIMIT-12] `standard` lets 300 pass, `relaxed` all', async () => {
  for (const [profile, refused] of [
    ['standard', 20],
    ['relaxed', 0],
  ] as const) {
    const { statuses } = await world(profile);
    const all = await statuses(Array(320).fill('/api/ice-servers'));
    expect(all.filter((status) => status === 429)).toHaveLength(refused);
  }
});
