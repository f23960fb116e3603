import { createServer } from 'node:http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { listenOnLoopback } from 'signal-core/testing';
import { onTestFinished } from 'vitest';

export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'calls';
export const SECRET = 'a secret of thirty-two bytes, ok';

/** Claims of a good token. @param now - epoch milliseconds */
export const claimsOf = (sub: string, now: number, extra: JWTPayload = {}): JWTPayload => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub,
  iat: Math.floor(now / 1000),
  exp: Math.floor(now / 1000) + 600,
  ...extra,
});

/** A token signed by the shared secret. */
export const signed = (claims: JWTPayload, secret = SECRET, alg = 'HS256'): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));

export interface Key {
  kid: string;
  alg: string;
  publicKey: CryptoKey;
  sign(claims: JWTPayload, header?: object): Promise<string>;
}

export async function keyPair(kid: string, alg: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const sign = (claims: JWTPayload, header: object = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
  return { kid, alg, publicKey, sign };
}

/** Publishes keys on 127.0.0.1, for the length of one test. */
export async function publish(...keys: Key[]) {
  const state = { keys, requests: 0, answer: 'keys' as 'keys' | 'nothing' | 'error' | 'junk' };
  const server = createServer(async (_req, res) => {
    state.requests += 1;
    if (state.answer === 'nothing') return;
    res.statusCode = state.answer === 'error' ? 500 : 200;
    const all = state.keys.map(async ({ kid, alg, publicKey }) => ({ ...(await exportJWK(publicKey)), kid, alg }));
    res.end(state.answer === 'junk' ? '{"keys": 7}' : JSON.stringify({ keys: await Promise.all(all) }));
  });
  const { url, stop } = await listenOnLoopback(server);
  onTestFinished(stop);
  return { url, state };
}
