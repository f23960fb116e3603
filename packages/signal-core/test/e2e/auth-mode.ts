import type { SignalingServerOptions } from 'signal-core';
import { userIdOf } from 'signal-core/protocol';
import { test } from 'vitest';
import { AUDIENCE, claimsOf, ISSUER, SECRET, signed } from '../auth/issuer.ts';

/** How users of these tests get in. */
export type AuthMode = 'open' | 'passwords' | 'token';

/** Of this run: `AUTH_MODE=token npx vitest run legacy-`. The files auth-legacy-* set it. */
export const AUTH_MODE = (process.env.AUTH_MODE ?? 'open') as AuthMode;

/** What a server of that mode is told; the limits are those of `open`, since these tests are in more of a hurry than people. */
export function authOptions(): Pick<SignalingServerOptions, 'auth' | 'limits'> {
  switch (AUTH_MODE) {
    case 'open':
      return { auth: 'open' };
    case 'passwords':
      return {
        auth: { passwords: { check: (username) => ({ id: userIdOf(username), username }), secret: SECRET } },
        limits: 'relaxed',
      };
    case 'token':
      return { auth: { jwt: { secret: SECRET, issuer: ISSUER, audience: AUDIENCE } }, limits: 'relaxed' };
  }
}

/** A token of the issuer that the mode `token` trusts. */
export function mint(username: string): Promise<string> {
  return signed(claimsOf(userIdOf(username), Date.now(), { name: username }));
}

type Declare = (name: string, run: () => void | Promise<void>) => void;

/** A test, or with `describe` several, of what is so in some modes only, and why. */
export function only(modes: AuthMode[], _why: string, declare: Declare = test): Declare {
  return (name, run) => {
    if (modes.includes(AUTH_MODE)) declare(name, run);
  };
}
