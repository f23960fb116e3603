import { createSecretKey } from 'node:crypto';
import { type CryptoKey, errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { Logger } from '../log.js';
import type { JwtOptions } from './auth-options.js';
import type { AuthParts } from './auth-scheme.js';
import type { Identity } from './identity.js';
import { remoteKeys } from './jwks.js';
import { readIdentity } from './read-identity.js';
import { tokenExpired, unauthorized } from './refusals.js';

/** How far the clocks of issuer and server may be apart, in seconds. */
const LEEWAY_SECONDS = 30;

/** How many keys are tried for a token that names none. */
const MAX_KEYS = 4;

const SHARED_SECRET = ['HS256'];
const PUBLIC_KEYS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/**
 * Takes JWTs of one issuer (RFC 7519, RFC 8725): signed by a pinned algorithm, for us, of somebody, and in their time.
 *
 * @returns what says who holds a token, or throws a SignalingError `unauthorized`, `token_expired`, or `unavailable`
 * when the keys of the issuer cannot be had
 * @see SPEC.md, rule AUTH-6
 */
export function jwtVerifier(options: JwtOptions, parts: AuthParts): (token: string) => Promise<Identity> {
  const { clock } = parts;
  const { issuer, audience, algorithms = options.secret === undefined ? PUBLIC_KEYS : SHARED_SECRET } = options;
  const rules = { issuer, audience, algorithms: [...algorithms], clockTolerance: LEEWAY_SECONDS };
  const keyOf = keysOf(options, parts);
  return async (token) => {
    if (!isCanonical(token)) throw unauthorized();
    const currentDate = new Date(clock.now());
    const checks = { ...rules, currentDate, requiredClaims: ['sub', 'exp'] };
    const claims = await claimsIn(token, keyOf, checks).catch((error: unknown) => Promise.reject(refusalOf(error)));
    const identity = identityIn(claims, options, parts);
    if (identity === undefined || isOfTheFuture(identity, clock.now())) throw unauthorized();
    return identity;
  };
}

/** By the key that the token names; when it names none, by any of those that fit. */
async function claimsIn(token: string, keyOf: JWTVerifyGetKey, checks: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keyOf, checks)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return claimsByAnyOf(error, token, checks);
  }
}

async function claimsByAnyOf(
  keys: AsyncIterable<CryptoKey>,
  token: string,
  checks: JWTVerifyOptions,
): Promise<JWTPayload> {
  let tried = 0;
  for await (const key of keys) {
    tried += 1;
    try {
      return (await jwtVerify(token, key, checks)).payload;
    } catch (error) {
      const isOfAnother = error instanceof errors.JWSSignatureVerificationFailed;
      if (!isOfAnother || tried === MAX_KEYS) throw error;
    }
  }
  throw unauthorized();
}

/** The key of a shared secret, as the libraries want it. */
export function secretKey(secret: string | Uint8Array) {
  return createSecretKey(typeof secret === 'string' ? Buffer.from(secret) : secret);
}

function keysOf({ secret, jwksUrl = '' }: JwtOptions, parts: AuthParts): JWTVerifyGetKey {
  if (secret === undefined) return remoteKeys(jwksUrl, parts);
  const key = secretKey(secret);
  return () => key;
}

/** Base64url has several ways to write the last byte down: one of them is the token, the others were changed. */
function isCanonical(token: string): boolean {
  const parts = token.split('.');
  return parts.length === 3 && parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

function refusalOf(error: unknown): Error {
  // jose knows only its own errors; this one came through from the keys
  if (Object(error).code === 'unavailable') return error as Error;
  return error instanceof errors.JWTExpired ? tokenExpired() : unauthorized();
}

/** What the token says of its own times and name holds, whatever `toIdentity` makes of the rest. */
function identityIn(claims: JWTPayload, options: JwtOptions, { log }: AuthParts): Identity | undefined {
  const own = readIdentity(subjectIn(claims, options, log), 'jwt', log);
  if (own === undefined) return undefined;
  const { exp = 0, iat, jti } = claims;
  return {
    ...(iat !== undefined && { issuedAt: inMs(iat) }),
    ...(typeof jti === 'string' && { jti }),
    ...own,
    expiresAt: Math.min(own.expiresAt ?? Number.POSITIVE_INFINITY, inMs(exp)),
  };
}

function subjectIn(claims: JWTPayload, { toIdentity = subjectOf }: JwtOptions, log: Logger): unknown {
  try {
    return toIdentity(claims);
  } catch (error) {
    log.error({ source: 'toIdentity', error: Object(error).name }, 'a hook of the host failed');
    return undefined;
  }
}

function subjectOf({ sub = '', name }: JWTPayload): Identity {
  return { id: sub, username: typeof name === 'string' && name !== '' ? name : sub };
}

/** Such a token could not be taken back by `revoke({ userId })`. */
function isOfTheFuture({ issuedAt = 0 }: Identity, now: number): boolean {
  return issuedAt > now + inMs(LEEWAY_SECONDS);
}

function inMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
