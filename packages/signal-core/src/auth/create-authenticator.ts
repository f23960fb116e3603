import { type Dated, isRevokedBy, type Revocation } from '../domain/revocation.js';
import { inTime } from '../in-time.js';
import { SignalingError } from '../protocol/errors.js';
import { LIMITS } from '../protocol/limits.js';
import type { AuthOptions, TokenAuth } from './auth-options.js';
import type { AuthParts, AuthScheme } from './auth-scheme.js';
import type { Authenticator } from './authenticator.js';
import type { Identity } from './identity.js';
import { jwtVerifier } from './jwt.js';
import { passwordAuth } from './passwords.js';
import { unauthorized, unavailable } from './refusals.js';
import { tokenAuth } from './token-auth.js';

/** How long it may take to find out what was taken back, in milliseconds. */
const TIMEOUT_MS = 2_000;

/** Builds what the option `auth` asks for. */
export function createAuthenticator(auth: AuthOptions, parts: AuthParts): Authenticator {
  if (auth === 'open') return { mode: 'open' };
  const scheme = schemeOf(auth, parts);
  const { clock, revocations } = parts;
  /** When those were issued that do not tell: a JWT may be as old as can be, others are as the host said just then. */
  const undated = new WeakMap<Identity, number>();
  const now = () => ('jwt' in auth && auth.jwt ? 0 : clock.now());
  const dated = (identity: Identity): Dated => ({
    ...identity,
    issuedAt: identity.issuedAt ?? undated.get(identity) ?? Number.POSITIVE_INFINITY,
  });
  const isRevoked = (identity: Identity) => revocations.has(dated(identity));
  const wasRevoked = async (identity: Identity) => {
    if (isRevoked(identity)) return true;
    const found = await findRevocations(identity, parts);
    // this server may have heard of one meanwhile
    return isRevoked(identity) || found.some((revocation) => isRevokedBy(dated(identity), revocation));
  };
  return {
    ...scheme,
    async verify(token) {
      if (token === '' || token.length > LIMITS.tokenLength) throw unauthorized();
      const askedAt = now();
      const identity = await scheme.verify(token);
      undated.set(identity, askedAt);
      if (await wasRevoked(identity)) throw unauthorized();
      return identity;
    },
    async identify(request) {
      const askedAt = now();
      const identity = await scheme.identify(request);
      if (identity === undefined) return undefined;
      undated.set(identity, askedAt);
      return (await wasRevoked(identity)) ? undefined : identity;
    },
    isRevoked,
  };
}

/** @throws SignalingError `unavailable` when nobody can tell: what may have been taken back lets nobody in */
async function findRevocations({ id, jti }: Identity, parts: AuthParts): Promise<Revocation[]> {
  try {
    return await inTime(parts.clock, TIMEOUT_MS, () => parts.findRevocations(id, jti));
  } catch (error) {
    if (error instanceof SignalingError) throw error;
    parts.log.error({ err: error }, 'nobody gets in: it cannot be told what was revoked');
    throw unavailable(TIMEOUT_MS);
  }
}

/** One way is there, as the options were checked; others may be there as `undefined`. */
function schemeOf(auth: Exclude<AuthOptions, 'open'>, parts: AuthParts): AuthScheme {
  if ('passwords' in auth && auth.passwords) return passwordAuth(auth, parts);
  if ('jwt' in auth && auth.jwt) {
    return { mode: 'token', verify: jwtVerifier(auth.jwt, parts), identify: async () => undefined };
  }
  return tokenAuth(auth as TokenAuth, parts);
}
