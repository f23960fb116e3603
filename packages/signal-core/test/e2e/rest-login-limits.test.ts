import { FakeClock } from 'signal-core/testing';
import { describe, expect, test } from 'vitest';
import { login, passwords, serving } from './rest-steps.ts';

const MINUTE = 60_000;

/** A server in `passwords` behind a proxy that tells the address of the client; time passes as it is told to. */
async function world(options: Parameters<typeof serving>[0] = {}) {
  const clock = new FakeClock();
  const { url } = await serving({ auth: { passwords }, clock, trustProxy: 1, ...options });
  const attempt = async (name: string, password: string, address = '192.0.2.7') => {
    const response = await login(url, name, password, address);
    await response.text();
    return response.status;
  };
  const times = async (count: number, one: (index: number) => Promise<number>) => {
    const statuses: number[] = [];
    for (let index = 0; index < count; index += 1) statuses.push(await one(index));
    return statuses;
  };
  return { url, clock, attempt, times };
}

const all = (count: number, status: number) => Array.from({ length: count }, () => status);

describe('logins', () => {
  test('[LIMIT-6] 5 a minute by address and name, then 429 that says how long to wait', async () => {
    const { url, clock, attempt, times } = await world();
    expect(await times(5, () => attempt('alice', 'wrong'))).toEqual(all(5, 401));
    const refused = await login(url, 'alice', 'ecila', '192.0.2.7');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '12']);
    expect(await refused.json()).toEqual({ error: expect.any(String), code: 'rate_limited', retryAfterMs: 12_000 });
    expect(await attempt('bob', 'bob')).toBe(200);
    expect(await attempt('alice', 'ecila', '192.0.2.8')).toBe(200);
    await clock.advance(12_000);
    expect(await attempt('alice', 'ecila')).toBe(200);
    expect(await attempt('ALICE', 'ecila')).toBe(429);
  });

  test('[LIMIT-6] 20 a minute by address, of IPv6 by /64', async () => {
    const { attempt, times } = await world();
    const from = (address: string) => times(21, (index) => attempt(`name-${index}`, 'wrong', address));
    expect(await from('192.0.2.7')).toEqual([...all(20, 401), 429]);
    let next = 0;
    const neighbours = await times(21, (index) => {
      next += 1;
      return attempt(`name-${index}`, 'wrong', `2001:db8:1:2::${next.toString(16)}`);
    });
    expect(neighbours).toEqual([...all(20, 401), 429]);
    expect(await attempt('alice', 'ecila', '2001:db8:1:3::1')).toBe(200);
  });

  test('[LIMIT-6] after 10 failures each costs a wait that doubles; a success clears them', async () => {
    const { url, clock, attempt, times } = await world({
      limits: { loginsPerMinuteByName: 1_000, loginsPerMinuteByAddress: 1_000 },
    });
    expect(await times(10, () => attempt('alice', 'wrong'))).toEqual(all(10, 401));
    for (const seconds of [1, 2, 4]) {
      // even the right password waits, or the wait would tell which one is
      const refused = await login(url, 'alice', 'ecila', '192.0.2.7');
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, `${seconds}`]);
      expect(await attempt('bob', 'bob')).toBe(200);
      await clock.advance(seconds * 1_000);
      expect(await attempt('alice', 'wrong')).toBe(401);
    }
    await clock.advance(8_000);
    expect(await attempt('alice', 'ecila')).toBe(200);
    expect(await times(10, () => attempt('alice', 'wrong'))).toEqual(all(10, 401));
    expect(await attempt('alice', 'wrong')).toBe(429);
    await clock.advance(30 * MINUTE);
    expect(await times(10, () => attempt('alice', 'wrong'))).toEqual(all(10, 401));
  });

  test('[LIMIT-6] many at once gain nothing', async () => {
    const { attempt } = await world({ limits: { loginsPerMinuteByName: 1_000, loginsPerMinuteByAddress: 1_000 } });
    const statuses = await Promise.all(Array.from({ length: 40 }, () => attempt('alice', 'wrong')));
    expect(statuses.filter((status) => status === 401).length).toBe(10);
  });

  test('[LIMIT-6] [LIMIT-1] `relaxed` has no such limit', async () => {
    const { attempt, times } = await world({ auth: 'open', limits: 'relaxed' });
    expect(await times(60, () => attempt('alice', 'x'))).toEqual(all(60, 200));
  });

  test('[LIMIT-6] what is no login is no try', async () => {
    const { attempt, times } = await world();
    expect(await times(30, () => attempt('alice', ''))).toEqual(all(30, 400));
    expect(await attempt('alice', 'ecila')).toBe(200);
  });
});

describe('password checks', () => {
  /** Checks that go on until they are told to end. */
  function slowChecks() {
    const ends: (() => void)[] = [];
    let most = 0;
    const check = (username: string, password: string) =>
      new Promise<{ id: string; username: string } | null>((resolve) => {
        ends.push(() => resolve(password === 'right' ? { id: username, username } : null));
        most = Math.max(most, ends.length);
      });
    return { auth: { passwords: { ...passwords, check } }, ends, most: () => most };
  }

  test('[LIMIT-7] 2 at a time, 20 wait, and one more is 503 with Retry-After', async () => {
    const { auth, ends, most } = slowChecks();
    const { url } = await serving({ auth, limits: { loginsPerMinuteByAddress: 1_000 } });
    const begun = Array.from({ length: 23 }, (_, index) => login(url, `name-${index}`, 'right'));
    const refused = await Promise.race(begun);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 });
    expect(ends.length).toBe(2);
    const answers = Promise.all(begun);
    for (let done = 0; done < 22; done += 1) {
      await expect.poll(() => ends.length).toBeGreaterThan(0);
      ends.shift()?.();
    }
    expect((await answers).map(({ status }) => status).sort()).toEqual([...all(22, 200), 503]);
    expect(most()).toBe(2);
  });

  test('[LIMIT-7] [LIMIT-6] who could not be checked has not failed', async () => {
    let isDown = true;
    const check: typeof passwords.check = (...credentials) => {
      if (isDown) throw new Error('no directory');
      return passwords.check(...credentials);
    };
    const limits = { loginsPerMinuteByAddress: 1_000, loginsPerMinuteByName: 1_000 };
    const { attempt, times } = await world({ auth: { passwords: { ...passwords, check } }, limits });
    expect(await times(15, () => attempt('alice', 'ecila'))).toEqual(all(15, 503));
    isDown = false;
    expect(await attempt('alice', 'ecila')).toBe(200);
  });
});
