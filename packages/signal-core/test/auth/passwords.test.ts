import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { PasswordOptions } from 'signal-core';
import { describe, expect, test } from 'vitest';
import { closed, verdict } from './authenticators.ts';
import { SECRET, signed } from './issuer.ts';

type Check = PasswordOptions['check'];
type Found = Awaited<ReturnType<Check>>;

const ann = { id: 'id-of-ann', username: 'Ann' };
const check: Check = (username, password) => (username === 'ann' && password === 'secret' ? ann : null);

function passwords(options: Partial<PasswordOptions> = {}) {
  const bench = closed({ passwords: { check, secret: SECRET, ...options } });
  const { login } = bench.authenticator;
  if (login === undefined) throw new Error('passwords are checked here');
  return { ...bench, login };
}

const verdictOf = (answer: ReturnType<ReturnType<typeof passwords>['login']>) =>
  answer.then(
    (found) => found?.user.username,
    ({ code }: { code: unknown }) => code,
  );

describe('a login', () => {
  test('[AUTH-7] gives a token that says who it is, for 12 h', async () => {
    const { authenticator, clock, login } = passwords();
    const now = clock.now();
    const { user, token } = (await login('ann', 'secret')) ?? { token: '' };
    expect(user).toEqual(ann);
    expect(await authenticator.verify(token)).toEqual({
      ...ann,
      issuedAt: now,
      expiresAt: now + 12 * 3_600_000,
      jti: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'HS256' });
    await clock.advance(12 * 3_600_000 + 29_000);
    expect(await verdict(authenticator.verify(token))).toMatchObject(ann);
    await clock.advance(1_000);
    expect(await verdict(authenticator.verify(token))).toBe('token_expired');
  });

  test('[AUTH-7] of a wrong password and of nobody is undefined alike', async () => {
    const { login } = passwords();
    expect(await login('ann', 'wrong')).toBeUndefined();
    expect(await login('nobody', 'secret')).toBeUndefined();
  });

  test('[AUTH-7] keeps the scope, and lasts as long as the host wants', async () => {
    const { authenticator, clock, login } = passwords({
      check: () => ({ ...ann, scope: 'acme' }),
      tokenTtlMs: 1_500,
    });
    const { token } = (await login('ann', 'any')) ?? { token: '' };
    expect(await authenticator.verify(token)).toMatchObject({ scope: 'acme', expiresAt: clock.now() + 1_500 });
  });

  test('[AUTH-7] a token is good while the host says so, and nobody can tell while the host cannot', async () => {
    const answers: unknown[] = [true, false, 'yes', new Error('the directory is away')];
    const asked: unknown[] = [];
    const isCurrent = (identity: unknown) => {
      asked.push(identity);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      // a host in plain JavaScript may answer anything
      return answer as boolean;
    };
    const { authenticator, clock, login } = passwords({ isCurrent });
    const issuedAt = clock.now();
    const { token } = (await login('ann', 'secret')) ?? { token: '' };
    expect(await verdict(authenticator.verify(token))).toMatchObject(ann);
    expect(asked).toEqual([expect.objectContaining({ ...ann, issuedAt })]);
    expect(await verdict(authenticator.verify(token))).toBe('unauthorized');
    expect(await verdict(authenticator.verify(token))).toBe('unauthorized');
    expect(await verdict(authenticator.verify(token))).toBe('unavailable');
    expect(await verdict(authenticator.verify(`${token}x`))).toBe('unauthorized');
    expect(asked).toHaveLength(4);
  });

  test('[AUTH-7] every token has a name of its own, and a time to the millisecond', async () => {
    const { authenticator, clock, revocations, login } = passwords();
    const first = (await login('ann', 'secret'))?.token ?? '';
    await clock.advance(5);
    revocations.add({ userId: ann.id, issuedBefore: clock.now() });
    await clock.advance(1);
    const second = (await login('ann', 'secret'))?.token ?? '';
    expect(decodeJwt(first).jti).not.toBe(decodeJwt(second).jti);
    expect(await verdict(authenticator.verify(first))).toBe('unauthorized');
    expect(await verdict(authenticator.verify(second))).toMatchObject(ann);
  });

  test('[AUTH-7] a token that something else signed by the same secret is refused', async () => {
    const { authenticator, clock } = passwords();
    const claims = { sub: ann.id, name: 'Ann', exp: clock.now() / 1000 + 600 };
    for (const others of [{}, { iss: 'signal-core' }, { aud: 'signal-core' }, { iss: 'x', aud: 'signal-core' }]) {
      expect(await verdict(authenticator.verify(await signed({ ...claims, ...others })))).toBe('unauthorized');
    }
  });

  test('[AUTH-5] of what is no identity is nobody; a check that fails or hangs is unavailable, and none is logged with the password', async () => {
    const bad = passwords({ check: () => ({ id: '', username: 'Ann' }) });
    expect(await bad.login('ann', 'hunter2')).toBeUndefined();
    const failing = passwords({
      check: (_, password) => {
        throw new Error(`no ${password}`);
      },
    });
    await expect(failing.login('ann', 'hunter2')).rejects.toMatchObject({ code: 'unavailable' });
    const hanging = passwords({ check: () => new Promise<Found>(() => {}) });
    const answer = expect(hanging.login('ann', 'hunter2')).rejects.toMatchObject({ code: 'unavailable' });
    await hanging.clock.advance(5_000);
    await answer;
    for (const { log } of [bad, failing, hanging]) {
      expect(log.all).toHaveLength(1);
      expect(log.all.join()).not.toContain('hunter2');
    }
  });

  test('[LIMIT-7] 2 are checked at a time, 20 wait, one more is unavailable', async () => {
    const waiting: (() => void)[] = [];
    let most = 0;
    let running = 0;
    const { login, clock } = passwords({
      check: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => waiting.push(resolve));
        running -= 1;
        return ann;
      },
    });
    const logins = Array.from({ length: 22 }, () => login('ann', 'secret'));
    await expect(login('ann', 'secret')).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 });
    for (let done = 0; done < 22; done += 1) {
      await clock.advance(0);
      expect(running).toBe(Math.min(2, 22 - done));
      waiting.shift()?.();
    }
    for (const one of await Promise.all(logins)) expect(one?.user).toEqual(ann);
    expect(most).toBe(2);
    const again = login('ann', 'secret');
    await clock.advance(0);
    waiting.shift()?.();
    expect(await again).toMatchObject({ user: ann });
  });

  test('[LIMIT-7] a check that is too slow keeps its place while it runs, for a minute at most', async () => {
    const running: (() => void)[] = [];
    const { login, clock } = passwords({
      check: () => new Promise<Found>((resolve) => running.push(() => resolve(ann))),
    });
    const slow = [login('ann', 'x'), login('ann', 'x')].map((one) => verdictOf(one));
    const next = [login('ann', 'x'), login('ann', 'x')].map((one) => verdictOf(one));
    await clock.advance(5_000);
    expect(await Promise.all(slow)).toEqual(['unavailable', 'unavailable']);
    expect(running).toHaveLength(2);
    running[0]?.();
    await clock.advance(0);
    expect(running).toHaveLength(3);
    await clock.advance(54_999);
    expect(running).toHaveLength(3);
    await clock.advance(1);
    expect(running).toHaveLength(4);
    running[3]?.();
    expect(await Promise.all(next)).toEqual(['unavailable', 'Ann']);
    running[1]?.();
    await clock.advance(60_000);
    expect(clock.pending).toBe(0);
  });

  test('[LIMIT-7] a check that failed makes room for the next', async () => {
    let fails = 3;
    const { login } = passwords({
      check: () => {
        fails -= 1;
        if (fails >= 0) throw new Error('no database');
        return ann;
      },
    });
    for (let n = 0; n < 3; n += 1) await expect(login('ann', 'x')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await login('ann', 'x')).toMatchObject({ user: ann });
  });
});
