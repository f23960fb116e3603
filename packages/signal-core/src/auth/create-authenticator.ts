import { LIMITS } from '../protocol/limits.js';
import type { AuthOptions, TokenAuth } from './auth-options.js';
import type { AuthParts, AuthScheme } from './auth-scheme.js';
import type { Authenticator } from './authenticator.js';
import type { Identity } from './identity.js';
import { jwtVerifier } from './jwt.js';
import { passwordAuth } from './passwords.js';
import { unauthorized } from './refusals.js';
import { Revocations } from './revocations.js';
import { tokenAuth } from './token-auth.js';

/** Builds what the option `auth` asks for. */
export function createAuthenticator(auth: AuthOptions, parts: AuthParts): Authenticator {
  if (auth === 'open') return { mode: 'open' };
  const scheme = schemeOf(auth, parts);
  const revocations = new Revocations(parts.log);
  /** When those were issued that do not tell: a JWT may be as old as can be, others are as the host said just then. */
  const undated = new WeakMap<Identity, number>();
  const now = () => ('jwt' in auth && auth.jwt ? 0 : parts.clock.now());
  const isRevoked = (identity: Identity) => revocations.has(identity, undated.get(identity));
  return {
    ...scheme,
    async verify(token) {
      if (token === '' || token.length > LIMITS.tokenLength) throw unauthorized();
      const askedAt = now();
      const identity = await scheme.verify(token);
      undated.set(identity, askedAt);
      if (isRevoked(identity)) throw unauthorized();
      return identity;
    },
    async identify(request) {
      const askedAt = now();
      const identity = await scheme.identify(request);
      if (identity === undefined) return undefined;
      undated.set(identity, askedAt);
      return isRevoked(identity) ? undefined : identity;
    },
    revoke: (target, now) => revocations.add(target, now),
    isRevoked,
  };
}

/** One way is there, as the options were checked; others may be there as `undefined`. */
function schemeOf(auth: Exclude<AuthOptions, 'open'>, parts: AuthParts): AuthScheme {
  if ('passwords' in auth && auth.passwords) return passwordAuth(auth, parts);
  if ('jwt' in auth && auth.jwt) {
    return { mode: 'token', verify: jwtVerifier(auth.jwt, parts), identify: async () => undefined };
  }
  return tokenAuth(auth as TokenAuth, parts);
}
