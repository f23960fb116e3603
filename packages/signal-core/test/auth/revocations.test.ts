import type { JWTPayload } from 'jose';
import type { Identity, RevokeTarget } from 'signal-core';
import { describe, expect, test } from 'vitest';
import { Revocations } from '../../src/auth/revocations.ts';
import { closed, Lines, verdict } from './authenticators.ts';
import { AUDIENCE, claimsOf, ISSUER, SECRET, signed } from './issuer.ts';

const ann: Identity = { id: 'ann', username: 'Ann' };

describe('what was revoked', () => {
  test('[AUTH-13] by jti: these credentials alone', () => {
    const revocations = new Revocations(new Lines());
    revocations.add({ jti: 'one' }, 1_000);
    expect(revocations.has({ ...ann, jti: 'one' })).toBe(true);
    expect(revocations.has({ ...ann, jti: 'two' })).toBe(false);
    expect(revocations.has(ann)).toBe(false);
  });

  test('[AUTH-13] by user: what was issued until then, and nothing that does not tell', () => {
    const revocations = new Revocations(new Lines());
    revocations.add({ userId: 'ann' }, 1_000);
    expect(revocations.has({ ...ann, issuedAt: 999 })).toBe(true);
    expect(revocations.has({ ...ann, issuedAt: 1_000 })).toBe(true);
    expect(revocations.has({ ...ann, issuedAt: 1_001 })).toBe(false);
    expect(revocations.has(ann)).toBe(false);
    expect(revocations.has(ann, 1_000)).toBe(true);
    expect(revocations.has(ann, 1_001)).toBe(false);
    expect(revocations.has({ ...ann, id: 'bob', issuedAt: 999 })).toBe(false);
    revocations.add({ userId: 'ann' }, 2_000);
    expect(revocations.has({ ...ann, issuedAt: 2_000 })).toBe(true);
  });

  test('[AUTH-13] by user: an earlier time takes nothing back of what was said', () => {
    const revocations = new Revocations(new Lines());
    revocations.add({ userId: 'ann' }, 2_000);
    revocations.add({ userId: 'ann', issuedBefore: 1_000 }, 3_000);
    expect(revocations.has({ ...ann, issuedAt: 2_000 })).toBe(true);
    expect(revocations.has({ ...ann, issuedAt: 2_001 })).toBe(false);
  });

  test('[AUTH-13] is bounded: of 100,001 the oldest is forgotten, which is logged', () => {
    const log = new Lines();
    const revocations = new Revocations(log);
    for (let n = 0; n <= 100_000; n += 1) revocations.add({ jti: `j${n}` }, n);
    expect(revocations.has({ ...ann, jti: 'j0' })).toBe(false);
    expect(revocations.has({ ...ann, jti: 'j1' })).toBe(true);
    expect(log.all).toHaveLength(1);
  });
});

test('[AUTH-4] [AUTH-13] a revoked token is unauthorized, before as after it has lapsed nothing more', async () => {
  const { authenticator, clock } = closed({ jwt: { secret: SECRET, issuer: ISSUER, audience: AUDIENCE } });
  const [one, two] = [
    await signed(claimsOf('ann', clock.now(), { jti: 'one' })),
    await signed(claimsOf('ann', clock.now(), { jti: 'two' })),
  ];
  authenticator.revoke({ jti: 'one' }, clock.now());
  expect(await verdict(authenticator.verify(one))).toBe('unauthorized');
  expect(await verdict(authenticator.verify(two))).toMatchObject({ id: 'ann' });
  authenticator.revoke({ userId: 'ann' }, clock.now());
  expect(await verdict(authenticator.verify(two))).toBe('unauthorized');
  await clock.advance(1_000);
  expect(await verdict(authenticator.verify(await signed(claimsOf('ann', clock.now()))))).toMatchObject({ id: 'ann' });
});

test('[AUTH-13] who was revoked is nobody to the host’s authenticate as well', async () => {
  const { authenticator, clock } = closed({ authenticate: () => ({ ...ann, jti: 'one' }) });
  const ask = () => verdict(authenticator.identify({} as Parameters<typeof authenticator.identify>[0]));
  expect(await ask()).toMatchObject(ann);
  authenticator.revoke({ jti: 'one' }, clock.now());
  expect(await ask()).toBe('nobody');
});

const TAKEN_BACK: [RevokeTarget][] = [[{ userId: 'ann' }], [{ jti: 'one' }]];

test.each(TAKEN_BACK)('[AUTH-13] what is taken back while the host still thinks is refused: %j', async (target) => {
  let answer: (identity: Identity) => void = () => {};
  const host = () =>
    new Promise<Identity>((resolve) => {
      answer = resolve;
    });
  const { authenticator, clock } = closed({ verifyToken: host, authenticate: host });
  const request = {} as Parameters<typeof authenticator.identify>[0];
  const ways = [() => authenticator.verify('x'), () => authenticator.identify(request)];
  for (const way of ways) {
    const asked = verdict(way());
    await clock.advance(1_000);
    authenticator.revoke(target, clock.now());
    answer({ ...ann, jti: 'one' });
    expect(await asked).toMatch(/^(unauthorized|nobody)$/);
  }
  const later = verdict(authenticator.verify('x'));
  await clock.advance(1);
  answer({ ...ann, jti: 'two' });
  // of the very millisecond: it cannot be told
  if ('jti' in target) expect(await later).toMatchObject(ann);
  const after = verdict(authenticator.verify('x'));
  await clock.advance(1);
  answer({ ...ann, jti: 'two' });
  expect(await after).toEqual({ ...ann, jti: 'two' });
});

test('[AUTH-13] what says nothing of when it was issued was issued when it was asked about', async () => {
  const { authenticator, clock } = closed({ verifyToken: () => ann });
  const [identity, askedAt] = [await authenticator.verify('x'), clock.now()];
  await clock.advance(1_000);
  authenticator.revoke({ userId: 'ann', issuedBefore: askedAt - 1 }, clock.now());
  expect(authenticator.isRevoked(identity)).toBe(false);
  authenticator.revoke({ userId: 'ann', issuedBefore: askedAt }, clock.now());
  expect(authenticator.isRevoked(identity)).toBe(true);
  expect(await authenticator.verify('x')).toEqual(ann);
});

test('[AUTH-13] a JWT without iat is refused once those of its user were taken back', async () => {
  const { authenticator, clock } = closed({ jwt: { secret: SECRET, issuer: ISSUER, audience: AUDIENCE } });
  const without = ({ iat, ...claims }: JWTPayload) => signed(claims);
  const undated = await without(claimsOf('ann', clock.now()));
  const identity = await authenticator.verify(undated);
  authenticator.revoke({ userId: 'ann', issuedBefore: clock.now() - 3_600_000 }, clock.now());
  expect(authenticator.isRevoked(identity)).toBe(true);
  await clock.advance(1_000);
  expect(await verdict(authenticator.verify(undated))).toBe('unauthorized');
  const ofBob = await without(claimsOf('bob', clock.now()));
  expect(await verdict(authenticator.verify(ofBob))).toMatchObject({ id: 'bob' });
});
