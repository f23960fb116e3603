import { secureUrl } from './network-types.js';
import type { SettingsOf } from './setting.js';
import { filePath, oneOf, secretText, textLike, wholeSeconds } from './value-type.js';

/** Bytes of a secret that signs with HS256 (RFC 7518, section 3.2). */
const SIGNING_BYTES = 32;

/** 20 days: the longest that JSON and flags both can say of a duration, rounded. */
const MAX_TTL_SECONDS = 20 * 24 * 3600;

const anyText = textLike(/^[^\p{Cc}]+$/u, 'text without control characters');

/** Who may join. */
export const AUTH_SETTINGS: SettingsOf<
  'auth' | 'jwksUrl' | 'jwtIssuer' | 'jwtAudience' | 'jwtSecret' | 'users' | 'tokenTtlMs' | 'secret'
> = {
  auth: {
    flag: '--auth',
    env: 'SIGNAL_AUTH',
    type: oneOf('open', 'token', 'passwords'),
    placeholder: 'mode',
    help: 'who may join; open: anybody, under any name (for development); token: who shows a JWT; passwords: who logs in',
  },
  jwksUrl: {
    flag: '--jwks-url',
    env: 'SIGNAL_JWKS_URL',
    type: secureUrl,
    placeholder: 'url',
    help: 'token: where the issuer publishes its keys; with a shared secret: SIGNAL_JWT_SECRET in its place',
  },
  jwtIssuer: {
    flag: '--jwt-issuer',
    env: 'SIGNAL_JWT_ISSUER',
    type: anyText,
    placeholder: 'issuer',
    help: 'token: the "iss" of its tokens',
  },
  jwtAudience: {
    flag: '--jwt-audience',
    env: 'SIGNAL_JWT_AUDIENCE',
    type: anyText,
    placeholder: 'audience',
    help: 'token: the "aud" of tokens for this server',
  },
  jwtSecret: {
    env: 'SIGNAL_JWT_SECRET',
    type: secretText(SIGNING_BYTES),
    placeholder: 'secret',
    help: 'token: the secret shared with the issuer (HS256)',
  },
  users: {
    flag: '--users',
    env: 'SIGNAL_USERS',
    type: filePath,
    placeholder: 'file',
    help: 'passwords: the users file, which "signal-server user" keeps',
  },
  tokenTtlMs: {
    flag: '--token-ttl',
    env: 'SIGNAL_TOKEN_TTL',
    type: wholeSeconds(1, MAX_TTL_SECONDS),
    placeholder: 'duration',
    help: 'passwords: how long a login is good',
  },
  secret: {
    env: 'SIGNAL_SECRET',
    type: secretText(SIGNING_BYTES),
    placeholder: 'secret',
    help: 'passwords: signs the logins',
    absent: 'one that ends with the process; in production it is required',
  },
};
