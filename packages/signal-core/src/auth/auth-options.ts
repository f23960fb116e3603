import type { IncomingMessage } from 'node:http';
import type { Identity } from './identity.js';

type Awaitable<T> = T | Promise<T>;

/** Who may join, chosen explicitly. */
export type AuthOptions = 'open' | TokenAuth | JwtAuth | PasswordAuth;

/** The host itself knows its users: by a token, by what comes with the request, or by both. */
export interface TokenAuth {
  /** Says who holds a token; `null` for nobody. It has 2 s. */
  verifyToken?: (token: string) => Awaitable<Identity | null>;
  /** Says who sends a request, such as by the cookie of a session; `null` for nobody. It has 2 s. */
  authenticate?: (request: IncomingMessage) => Awaitable<Identity | null>;
}

/** Tokens are JWTs (RFC 7519) of an issuer that is trusted. */
export interface JwtAuth {
  jwt: JwtOptions;
}

/** What a token may be signed by, at most: with a shared secret, and with keys that the issuer publishes. */
export const JWT_ALGORITHMS = {
  secret: ['HS256', 'HS384', 'HS512'],
  jwksUrl: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
} as const;

export interface JwtOptions {
  /** The secret shared with the issuer, 32 bytes at least (RFC 7518, section 3.2). Either this or `jwksUrl`. */
  secret?: string | Uint8Array;
  /** Where the issuer publishes its keys (RFC 7517). Either this or `secret`. */
  jwksUrl?: string;
  /** The `iss` that a token must bear. */
  issuer: string;
  /** The `aud` that a token must bear, or one of them. */
  audience: string;
  /** The algorithms that are taken: of {@link JWT_ALGORITHMS}. @default ['HS256'] with a secret; RS256, PS256, ES256 and EdDSA with JWKS */
  algorithms?: readonly string[];
  /** Reads the claims of a good token; `null` for nobody. @default `sub` is the id, `name` or else `sub` the name */
  toIdentity?: (claims: Readonly<Record<string, unknown>>) => Identity | null;
}

/** Users log in with a password at `POST /api/login`, and get a token that this server signs. */
export interface PasswordAuth {
  passwords: PasswordOptions;
}

export interface PasswordOptions {
  /** Says who has that name and password; `null` for nobody. It should take as long for a name that does not exist. */
  check: (username: string, password: string) => Awaitable<{ id: string; username: string; scope?: string } | null>;
  /**
   * Asked whenever a token is shown: whether that user is still there, and has the password that the token was given for.
   *
   * @default every token is good until it lapses
   */
  isCurrent?: (identity: Identity) => Awaitable<boolean>;
  /** Signs the tokens, 32 bytes at least (RFC 7518, section 3.2); the same on every node. */
  secret: string | Uint8Array;
  /** How long a token is good, in milliseconds. @default 43_200_000 (12 h), a working day */
  tokenTtlMs?: number;
}
