import { exportSPKI } from 'jose';
import { describe, expect, test } from 'vitest';
import { Dice } from '../fuzz/dice.ts';
import { fuzzSeed, inputs } from '../fuzz/scale.ts';
import { type Bench, closed, verdict } from './authenticators.ts';
import { AUDIENCE, claimsOf, ISSUER, type Key, keyPair, publish, SECRET, signed } from './issuer.ts';
import { MUTATIONS, type Prey } from './mutants.ts';

/** Of each kind of token: 10,000 in all, or each under `npm run test:full`. */
const MUTANTS = Math.max(2_500, inputs(10_000));

/** What some other issuer of the same clients may have made, and the right one never did. */
async function strangers({ clock }: Bench, key: Key): Promise<string[]> {
  const claims = claimsOf('ann', clock.now());
  const [twin, ...others] = await Promise.all([
    keyPair(key.kid, key.alg),
    ...['RS256', 'PS256', 'ES384', 'EdDSA'].map((alg) => keyPair(key.kid, alg)),
  ]);
  return Promise.all([
    twin?.sign(claims) ?? '',
    ...others.map((other) => other.sign(claims)),
    key.sign({ ...claims, iss: 'https://other.example' }),
    key.sign({ ...claims, aud: 'mail' }),
    key.sign(claims, { kid: 'unknown' }),
    signed(claims, 'another secret of 32 bytes here!'),
  ]);
}

/** @returns mutations whose tokens were not refused as no token at all */
async function hunt(bench: Bench, prey: Prey, dice: Dice): Promise<string[]> {
  const names = Object.keys(MUTATIONS);
  const escaped: string[] = [];
  for (let n = 0; n < MUTANTS; n += 1) {
    const name = names[n % names.length] ?? '';
    const mutant = MUTATIONS[name]?.(prey, dice) ?? '';
    if (mutant === prey.token || mutant === prey.other) continue;
    const answer = await verdict(bench.authenticator.verify(mutant));
    if (answer !== 'unauthorized') escaped.push(`${name}: ${JSON.stringify(answer)} for ${mutant}`);
  }
  return escaped;
}

describe('[AUTH-4] [AUTH-6] of 10,000 mutants of a token none is taken', () => {
  test('signed by a shared secret', async () => {
    const dice = new Dice(fuzzSeed('tokens by a secret'));
    const bench = closed({ jwt: { secret: SECRET, issuer: ISSUER, audience: AUDIENCE } });
    const [token, other] = [
      await signed(claimsOf('ann', bench.clock.now())),
      await signed(claimsOf('bob', bench.clock.now(), { jti: 'of bob' })),
    ];
    expect(await hunt(bench, { token, other, publicKeys: [] }, dice)).toEqual([]);
    for (const good of [token, other]) expect(await bench.authenticator.verify(good)).toHaveProperty('id');
  });

  test('signed by this server at a login', async () => {
    const dice = new Dice(fuzzSeed('tokens of a login'));
    const bench = closed({ passwords: { secret: SECRET, check: (id) => ({ id, username: id }) } });
    const [ann, bob] = [await bench.authenticator.login?.('ann', 'x'), await bench.authenticator.login?.('bob', 'x')];
    const [token, other] = [ann?.token ?? '', bob?.token ?? ''];
    expect(await hunt(bench, { token, other, publicKeys: [] }, dice)).toEqual([]);
    for (const good of [token, other]) expect(await bench.authenticator.verify(good)).toHaveProperty('id');
  });

  test.each(['ES256', 'RS256'])('signed by a published key, %s', async (alg) => {
    const dice = new Dice(fuzzSeed(`tokens by ${alg}`));
    const key = await keyPair('k1', alg);
    const { url, state } = await publish(key);
    const bench = closed({ jwt: { jwksUrl: url, issuer: ISSUER, audience: AUDIENCE } });
    const now = bench.clock.now();
    const [token, other] = [await key.sign(claimsOf('ann', now)), await key.sign(claimsOf('bob', now))];
    const pem = await exportSPKI(key.publicKey);
    const publicKeys = [pem, pem.trim(), pem.replaceAll(/-----.*-----|\n/g, '')];
    expect(await hunt(bench, { token, other, publicKeys }, dice)).toEqual([]);
    for (const stranger of await strangers(bench, key)) {
      expect(await verdict(bench.authenticator.verify(stranger))).toBe('unauthorized');
    }
    for (const good of [token, other]) expect(await bench.authenticator.verify(good)).toHaveProperty('id');
    expect(state.requests).toBeLessThanOrEqual(2);
  });
});
