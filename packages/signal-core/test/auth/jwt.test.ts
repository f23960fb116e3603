import { generateSecret, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { closed, verdict } from './authenticators.ts';
import { AUDIENCE, claimsOf, ISSUER, keyPair, publish, SECRET, signed } from './issuer.ts';

const bySecret = (extra: object = {}) =>
  closed({ jwt: { secret: SECRET, issuer: ISSUER, audience: AUDIENCE, ...extra } });
const byKeys = (jwksUrl: string, extra: object = {}) =>
  closed({ jwt: { jwksUrl, issuer: ISSUER, audience: AUDIENCE, ...extra } });

describe('a JWT by a shared secret', () => {
  test('[AUTH-6] says who holds it, until when, and by what name it can be revoked', async () => {
    const { authenticator, clock } = bySecret();
    const now = clock.now();
    const token = await signed(claimsOf('auth0|7', now, { name: 'Ann', jti: 'one', scope: 'openid email' }));
    expect(await authenticator.verify(token)).toEqual({
      id: 'auth0|7',
      username: 'Ann',
      issuedAt: now,
      expiresAt: now + 600_000,
      jti: 'one',
    });
  });

  test('[AUTH-6] without a name is of its subject', async () => {
    const { authenticator, clock } = bySecret();
    for (const name of [undefined, '', 7]) {
      const token = await signed(claimsOf('ann', clock.now(), { name }));
      expect(await authenticator.verify(token)).toMatchObject({ id: 'ann', username: 'ann' });
    }
  });

  test.each([
    ['another issuer', { iss: 'https://other.example' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'mail' }],
    ['no audience', { aud: undefined }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a subject that is no id', { sub: 'ann\n' }],
    ['a number as subject', { sub: 7 }],
    ['no exp', { exp: undefined }],
    ['a text as exp', { exp: '4102444800' }],
    ['a name that is too long', { name: 'x'.repeat(65) }],
  ])('[AUTH-6] with %s is refused', async (_, wrong) => {
    const { authenticator, clock } = bySecret();
    const claims = { ...claimsOf('ann', clock.now()), ...wrong } as Parameters<typeof signed>[0];
    expect(await verdict(authenticator.verify(await signed(claims)))).toBe('unauthorized');
  });

  test('[AUTH-6] may name one of several audiences', async () => {
    const { authenticator, clock } = bySecret();
    const token = await signed(claimsOf('ann', clock.now(), { aud: ['mail', AUDIENCE] }));
    expect(await authenticator.verify(token)).toMatchObject({ id: 'ann' });
  });

  test('[AUTH-6] is taken 30 s before and after its time, not longer', async () => {
    const { authenticator, clock } = bySecret();
    const now = clock.now();
    const at = Math.floor(now / 1000);
    const judged = async (claims: JWTPayload) => {
      const answer = await verdict(authenticator.verify(await signed(claimsOf('ann', now, claims))));
      return typeof answer === 'string' ? answer : 'taken';
    };
    expect(await judged({ exp: at - 29 })).toBe('taken');
    expect(await judged({ exp: at - 30 })).toBe('token_expired');
    expect(await judged({ nbf: at + 30 })).toBe('taken');
    expect(await judged({ nbf: at + 31 })).toBe('unauthorized');
    expect(await judged({ iat: at + 30 })).toBe('taken');
    expect(await judged({ iat: at + 31 })).toBe('unauthorized');
  });

  test('[AUTH-6] lapses by the clock of the server', async () => {
    const { authenticator, clock } = bySecret();
    const token = await signed(claimsOf('ann', clock.now()));
    await clock.advance(629_000);
    expect(await verdict(authenticator.verify(token))).toMatchObject({ id: 'ann' });
    await clock.advance(1_000);
    expect(await verdict(authenticator.verify(token))).toBe('token_expired');
  });

  test('[AUTH-4] that lapsed is only told so to whom it was signed for', async () => {
    const { authenticator, clock } = bySecret();
    const old = claimsOf('ann', clock.now() - 3_600_000);
    expect(await verdict(authenticator.verify(await signed(old)))).toBe('token_expired');
    expect(await verdict(authenticator.verify(await signed(old, 'another secret of 32 bytes here!')))).toBe(
      'unauthorized',
    );
    expect(await verdict(authenticator.verify(await signed({ ...old, aud: 'mail' })))).toBe('unauthorized');
  });

  test('[AUTH-6] is taken by the pinned algorithm only', async () => {
    const { authenticator, clock } = bySecret();
    const claims = claimsOf('ann', clock.now());
    for (const alg of ['HS384', 'HS512']) {
      expect(await verdict(authenticator.verify(await signed(claims, SECRET, alg)))).toBe('unauthorized');
    }
    expect(await verdict(authenticator.verify(new UnsecuredJWT(claims).encode()))).toBe('unauthorized');
    const pinned = bySecret({ algorithms: ['HS512'], secret: SECRET.repeat(2) });
    const long = (alg: string) => signed(claims, SECRET.repeat(2), alg);
    expect(await pinned.authenticator.verify(await long('HS512'))).toMatchObject({ id: 'ann' });
    expect(await verdict(pinned.authenticator.verify(await long('HS256')))).toBe('unauthorized');
  });

  test('[AUTH-6] with a critical header that nobody understands is refused', async () => {
    const { authenticator, clock } = bySecret();
    const token = await new SignJWT(claimsOf('ann', clock.now()))
      .setProtectedHeader({ alg: 'HS256', crit: ['exp-please'], 'exp-please': true })
      .sign(await generateSecret('HS256'), { crit: { 'exp-please': true } });
    expect(await verdict(authenticator.verify(token))).toBe('unauthorized');
  });

  test('[AUTH-4] longer than 4 KiB is refused, though it was signed', async () => {
    const { authenticator, clock } = bySecret();
    const padded = (length: number) => signed(claimsOf('ann', clock.now(), { pad: 'x'.repeat(length) }));
    const [small, large] = [await padded(2_850), await padded(2_950)];
    expect(small.length).toBeLessThanOrEqual(4_096);
    expect(large.length).toBeGreaterThan(4_096);
    expect(await authenticator.verify(small)).toMatchObject({ id: 'ann' });
    expect(await verdict(authenticator.verify(large))).toBe('unauthorized');
  });

  test('[AUTH-6] toIdentity reads the claims; the times and the name of the token hold', async () => {
    const { authenticator, clock } = bySecret({
      toIdentity: ({ sub, tenant }: Record<string, unknown>) =>
        tenant === 'none' ? null : { id: `${tenant}:${sub}`, username: 'Ann', scope: tenant },
    });
    const now = clock.now();
    expect(await authenticator.verify(await signed(claimsOf('ann', now, { tenant: 'acme', jti: 'j' })))).toEqual({
      id: 'acme:ann',
      username: 'Ann',
      scope: 'acme',
      issuedAt: now,
      expiresAt: now + 600_000,
      jti: 'j',
    });
    expect(await verdict(authenticator.verify(await signed(claimsOf('ann', now, { tenant: 'none' }))))).toBe(
      'unauthorized',
    );
    expect(await verdict(authenticator.verify(await signed(claimsOf('ann', now, { tenant: 7 }))))).toBe('unauthorized');
  });

  test('[AUTH-5] a toIdentity that throws, or promises, is nobody, and is logged without the token', async () => {
    for (const toIdentity of [
      (claims: object) => {
        throw new Error(JSON.stringify(claims));
      },
      async () => Promise.reject(new Error('late')),
    ]) {
      const { authenticator, clock, log } = bySecret({ toIdentity });
      const token = await signed(claimsOf('ann', clock.now(), { jti: 'not to be logged' }));
      expect(await verdict(authenticator.verify(token))).toBe('unauthorized');
      expect(log.all).toHaveLength(1);
      expect(log.all.join()).not.toContain('not to be logged');
    }
  });
});

describe('a JWT by published keys', () => {
  test.each(['RS256', 'PS256', 'ES256', 'EdDSA'])('[AUTH-6] is taken when signed by %s', async (alg) => {
    const key = await keyPair('k1', alg);
    const { url } = await publish(key);
    const { authenticator, clock } = byKeys(url);
    expect(await authenticator.verify(await key.sign(claimsOf('ann', clock.now())))).toMatchObject({ id: 'ann' });
  });

  test('[AUTH-6] by another algorithm, or by a secret made of the public key, is refused', async () => {
    const key = await keyPair('k1', 'ES256');
    const { url } = await publish(key);
    const { authenticator, clock } = byKeys(url, { algorithms: ['RS256'] });
    const claims = claimsOf('ann', clock.now());
    expect(await verdict(authenticator.verify(await key.sign(claims)))).toBe('unauthorized');
    expect(await verdict(authenticator.verify(await signed(claims)))).toBe('unauthorized');
    expect(await verdict(authenticator.verify(new UnsecuredJWT(claims).encode()))).toBe('unauthorized');
  });

  test('[AUTH-6] keys are fetched once, also for many at a time', async () => {
    const key = await keyPair('k1', 'ES256');
    const { url, state } = await publish(key);
    const { authenticator, clock } = byKeys(url);
    const token = await key.sign(claimsOf('ann', clock.now()));
    await Promise.all(Array.from({ length: 20 }, () => authenticator.verify(token)));
    await authenticator.verify(token);
    expect(state.requests).toBe(1);
  });

  test('[AUTH-6] that is not named may be either of two', async () => {
    const keys = [await keyPair('a', 'RS256'), await keyPair('b', 'RS256')];
    const { url } = await publish(...keys);
    const { authenticator, clock } = byKeys(url);
    for (const key of keys) {
      const token = await key.sign(claimsOf('ann', clock.now()), { kid: undefined });
      expect(await verdict(authenticator.verify(token))).toMatchObject({ id: 'ann' });
    }
  });

  test('[AUTH-6] that is not named is one of those that fit, of four at most', async () => {
    const keys = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((kid) => keyPair(kid, 'ES256')));
    const stranger = await keyPair('x', 'ES256');
    const { url } = await publish(...keys);
    const { authenticator, clock } = byKeys(url);
    const claims = claimsOf('ann', clock.now());
    const unnamed = (key: (typeof keys)[number], more = {}) => key.sign({ ...claims, ...more }, { kid: undefined });
    const verdicts = await Promise.all(
      [...keys, stranger].map(async (key) => verdict(authenticator.verify(await unnamed(key)))),
    );
    const good = expect.objectContaining({ id: 'ann' });
    expect(verdicts).toEqual([good, good, good, good, 'unauthorized', 'unauthorized']);
    const [, second = stranger] = keys;
    expect(await verdict(authenticator.verify(await unnamed(second, { exp: 1 })))).toBe('token_expired');
    expect(await verdict(authenticator.verify(await unnamed(second, { aud: 'mail' })))).toBe('unauthorized');
  });

  test('[AUTH-6] an unknown key is the token’s fault, and asks the issuer once more at most', async () => {
    const [key, other] = [await keyPair('k1', 'ES256'), await keyPair('k2', 'ES256')];
    const { url, state } = await publish(key);
    const { authenticator, clock } = byKeys(url);
    const token = await other.sign(claimsOf('ann', clock.now()));
    for (let round = 0; round < 10; round += 1) {
      expect(await verdict(authenticator.verify(token))).toBe('unauthorized');
    }
    expect(state.requests).toBeLessThanOrEqual(2);
  });

  test.each(['error', 'junk', 'nothing'] as const)(
    '[AUTH-6] an issuer that answers %s makes it unavailable, is logged once, and may recover',
    async (answer) => {
      const key = await keyPair('k1', 'ES256');
      const { url, state } = await publish(key);
      const { authenticator, clock, log } = byKeys(url);
      state.answer = answer;
      const token = await key.sign(claimsOf('ann', clock.now()));
      const verdicts = await Promise.all([verdict(authenticator.verify(token)), verdict(authenticator.verify(token))]);
      expect(verdicts).toEqual(['unavailable', 'unavailable']);
      expect(log.all).toHaveLength(1);
      expect(log.all.join()).not.toContain(token.split('.')[1]);
      state.answer = 'keys';
      expect(await authenticator.verify(token)).toMatchObject({ id: 'ann' });
    },
  );

  test('[AUTH-6] an issuer that nobody can reach makes it unavailable', async () => {
    const key = await keyPair('k1', 'ES256');
    const { authenticator, clock } = byKeys('http://127.0.0.1:1/keys');
    expect(await verdict(authenticator.verify(await key.sign(claimsOf('ann', clock.now()))))).toBe('unavailable');
  });
});
