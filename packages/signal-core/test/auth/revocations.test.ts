import type { JWTPayload } from 'jose';
import type { Identity, Revocation } from 'signal-core';
import { describe, expect, test } from 'vitest';
import { Revocations } from '../../src/domain/revocations.ts';
import { closed, verdict } from './authenticators.ts';
import { AUDIENCE, claimsOf, ISSUER, SECRET, signed } from './issuer.ts';

const ann: Identity = { id: 'ann', username: 'Ann' };

function revoked(first: Revocation) {
  const revocations = new Revocations();
  revocations.add(first);
  return {
    add: (revocation: Revocation) => revocations.add(revocation),
    /** Whether what ann shows was taken back. */
    has: (shown: Partial<Identity>) => revocations.has({ id: 'ann', issuedAt: Number.POSITIVE_INFINITY, ...shown }),
  };
}

describe('what was revoked', () => {
  test('[AUTH-13] by jti: these credentials alone', () => {
    const { has } = revoked({ jti: 'one' });
    expect(has({ jti: 'one' })).toBe(true);
    expect(has({ jti: 'two' })).toBe(false);
    expect(has({})).toBe(false);
  });

  test('[AUTH-13] by user: what was issued until then', () => {
    const { has, add } = revoked({ userId: 'ann', issuedBefore: 1_000 });
    expect(has({ issuedAt: 999 })).toBe(true);
    expect(has({ issuedAt: 1_000 })).toBe(true);
    expect(has({ issuedAt: 1_001 })).toBe(false);
    expect(has({ id: 'bob', issuedAt: 999 })).toBe(false);
    add({ userId: 'ann', issuedBefore: 2_000 });
    expect(has({ issuedAt: 2_000 })).toBe(true);
  });

  test('[AUTH-13] by user: an earlier time takes nothing back of what was said, and is no news', () => {
    const { has, add } = revoked({ userId: 'ann', issuedBefore: 2_000 });
    expect(add({ userId: 'ann', issuedBefore: 1_000 })).toBe(false);
    expect(has({ issuedAt: 2_000 })).toBe(true);
    expect(has({ issuedAt: 2_001 })).toBe(false);
  });

  test('[STORE-13] is bounded: of 200,001 the oldest is forgotten, which is told', () => {
    let forgotten = 0;
    const revocations = new Revocations(() => {
      forgotten += 1;
    });
    for (let n = 0; n <= 200_000; n += 1) revocations.add({ jti: `j${n}` });
    expect(revocations.of({ id: 'ann', jti: 'j0' })).toEqual([]);
    expect(revocations.of({ id: 'ann', jti: 'j1' })).toEqual([{ jti: 'j1' }]);
    expect(forgotten).toBe(1);
  });
});

describe('credentials of which this server has heard nothing', () => {
  test.each<[Revocation]>([[{ jti: 'one' }], [{ userId: 'ann', issuedBefore: Date.UTC(2040, 0, 1) }]])(
    '[NODE-16] are refused when the stores know that they were taken back: %j',
    async (revocation) => {
      const { authenticator, store } = closed({ verifyToken: () => ({ ...ann, jti: 'one' }) });
      await store.add([revocation]);
      expect(await verdict(authenticator.verify('x'))).toBe('unauthorized');
      await store.add([{ jti: 'two' }]);
      const other = closed({ authenticate: () => ({ ...ann, jti: 'two' }) }, {}, store.of.bind(store));
      const request = {} as Parameters<typeof authenticator.identify>[0];
      expect(await verdict(other.authenticator.identify(request))).toBe('nobody');
    },
  );

  test.each<[string, () => Promise<never>]>([
    ['fail', () => Promise.reject(new Error('the store is away'))],
    ['do not answer', () => new Promise<never>(() => {})],
  ])('[NODE-16] are unavailable when the stores %s: nobody gets in unasked', async (_, find) => {
    const { authenticator, clock } = closed({ verifyToken: () => ann, authenticate: () => ann }, {}, find);
    const request = {} as Parameters<typeof authenticator.identify>[0];
    for (const ask of [() => authenticator.verify('x'), () => authenticator.identify(request)]) {
      const answer = ask().catch((error: unknown) => error);
      await clock.advance(2_000);
      expect(await answer).toMatchObject({ code: 'unavailable', retryAfterMs: 2_000 });
    }
  });

  test('[NODE-16] the stores are not asked about what this server knows', async () => {
    const { authenticator, revocations } = closed({ verifyToken: () => ({ ...ann, jti: 'one' }) }, {}, () => {
      throw new Error('nobody is to ask');
    });
    revocations.add({ jti: 'one' });
    expect(await verdict(authenticator.verify('x'))).toBe('unauthorized');
  });
});

test('[AUTH-4] [AUTH-13] a revoked token is unauthorized, before as after it has lapsed nothing more', async () => {
  const { authenticator, clock, revocations } = closed({ jwt: { secret: SECRET, issuer: ISSUER, audience: AUDIENCE } });
  const [one, two] = [
    await signed(claimsOf('ann', clock.now(), { jti: 'one' })),
    await signed(claimsOf('ann', clock.now(), { jti: 'two' })),
  ];
  revocations.add({ jti: 'one' });
  expect(await verdict(authenticator.verify(one))).toBe('unauthorized');
  expect(await verdict(authenticator.verify(two))).toMatchObject({ id: 'ann' });
  revocations.add({ userId: 'ann', issuedBefore: clock.now() });
  expect(await verdict(authenticator.verify(two))).toBe('unauthorized');
  await clock.advance(1_000);
  expect(await verdict(authenticator.verify(await signed(claimsOf('ann', clock.now()))))).toMatchObject({ id: 'ann' });
});

test('[AUTH-13] who was revoked is nobody to the host’s authenticate as well', async () => {
  const { authenticator, revocations } = closed({ authenticate: () => ({ ...ann, jti: 'one' }) });
  const ask = () => verdict(authenticator.identify({} as Parameters<typeof authenticator.identify>[0]));
  expect(await ask()).toMatchObject(ann);
  revocations.add({ jti: 'one' });
  expect(await ask()).toBe('nobody');
});

test.each(['user', 'jti'])(
  '[AUTH-13] what is taken back while the host still thinks is refused: by %s',
  async (target) => {
    let answer: (identity: Identity) => void = () => {};
    const host = () =>
      new Promise<Identity>((resolve) => {
        answer = resolve;
      });
    const { authenticator, clock, revocations } = closed({ verifyToken: host, authenticate: host });
    const request = {} as Parameters<typeof authenticator.identify>[0];
    const ways = [() => authenticator.verify('x'), () => authenticator.identify(request)];
    for (const way of ways) {
      const asked = verdict(way());
      await clock.advance(1_000);
      revocations.add(target === 'jti' ? { jti: 'one' } : { userId: 'ann', issuedBefore: clock.now() });
      answer({ ...ann, jti: 'one' });
      expect(await asked).toMatch(/^(unauthorized|nobody)$/);
    }
    const later = verdict(authenticator.verify('x'));
    await clock.advance(1);
    answer({ ...ann, jti: 'two' });
    // of the very millisecond: it cannot be told
    if (target === 'jti') expect(await later).toMatchObject(ann);
    const after = verdict(authenticator.verify('x'));
    await clock.advance(1);
    answer({ ...ann, jti: 'two' });
    expect(await after).toEqual({ ...ann, jti: 'two' });
  },
);

test('[AUTH-13] what says nothing of when it was issued was issued when it was asked about', async () => {
  const { authenticator, clock, revocations } = closed({ verifyToken: () => ann });
  const [identity, askedAt] = [await authenticator.verify('x'), clock.now()];
  await clock.advance(1_000);
  revocations.add({ userId: 'ann', issuedBefore: askedAt - 1 });
  expect(authenticator.isRevoked(identity)).toBe(false);
  revocations.add({ userId: 'ann', issuedBefore: askedAt });
  expect(authenticator.isRevoked(identity)).toBe(true);
  expect(await authenticator.verify('x')).toEqual(ann);
});

test('[AUTH-13] a JWT without iat is refused once those of its user were taken back', async () => {
  const { authenticator, clock, revocations } = closed({ jwt: { secret: SECRET, issuer: ISSUER, audience: AUDIENCE } });
  const without = ({ iat, ...claims }: JWTPayload) => signed(claims);
  const undated = await without(claimsOf('ann', clock.now()));
  const identity = await authenticator.verify(undated);
  revocations.add({ userId: 'ann', issuedBefore: clock.now() - 3_600_000 });
  expect(authenticator.isRevoked(identity)).toBe(true);
  await clock.advance(1_000);
  expect(await verdict(authenticator.verify(undated))).toBe('unauthorized');
  const ofBob = await without(claimsOf('bob', clock.now()));
  expect(await verdict(authenticator.verify(ofBob))).toMatchObject({ id: 'bob' });
});
