import type { Identity } from 'signal-core';
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
