import { askHost } from './ask-host.js';
import type { TokenAuth } from './auth-options.js';
import type { AuthParts, AuthScheme } from './auth-scheme.js';
import type { Identity } from './identity.js';
import { readIdentity } from './read-identity.js';
import { tokenExpired, unauthorized } from './refusals.js';

/** How long the host may take, in milliseconds: somebody waits to connect meanwhile. */
const TIMEOUT_MS = 2_000;

/**
 * The host itself knows its users.
 *
 * @see SPEC.md, rule AUTH-5
 */
export function tokenAuth(host: TokenAuth, parts: AuthParts): AuthScheme {
  const who = async (source: keyof TokenAuth, ask: () => unknown): Promise<Identity | undefined> => {
    const answer = await askHost(parts, { source, ms: TIMEOUT_MS }, ask);
    const identity = readIdentity(answer, source, parts.log);
    if (identity?.expiresAt !== undefined && identity.expiresAt <= parts.clock.now()) throw tokenExpired();
    return identity;
  };
  return {
    mode: 'token',
    async verify(token) {
      const identity = host.verifyToken && (await who('verifyToken', () => host.verifyToken?.(token)));
      if (identity === undefined) throw unauthorized();
      return identity;
    },
    async identify(request) {
      return host.authenticate && who('authenticate', () => host.authenticate?.(request));
    },
  };
}
