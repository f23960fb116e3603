import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import type { AuthParts } from './auth-scheme.js';
import { unavailable } from './refusals.js';

/** How long the issuer may take, in milliseconds: somebody waits to connect meanwhile. */
const TIMEOUT_MS = 2_000;

/** What is about the token: it names a key that the issuer does not have, or none where there are several. */
const ABOUT_TOKENS = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

/**
 * The keys that an issuer publishes (RFC 7517): fetched when they are needed, kept for 10 minutes, and fetched anew
 * for an unknown key, twice a minute at most.
 */
export function remoteKeys(url: string, { log }: Pick<AuthParts, 'log'>): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url), { timeoutDuration: TIMEOUT_MS });
  let isFailing = false;
  return async (header, token) => {
    try {
      const key = await keys(header, token);
      isFailing = false;
      return key;
    } catch (error) {
      if (ABOUT_TOKENS.some((kind) => error instanceof kind)) throw error;
      if (!isFailing) log.warn({ err: error, from: new URL(url).host }, 'the keys of the issuer cannot be fetched');
      isFailing = true;
      throw unavailable();
    }
  };
}
