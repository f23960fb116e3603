import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { askHost } from './ask-host.js';
import type { PasswordAuth } from './auth-options.js';
import type { AuthParts, AuthScheme } from './auth-scheme.js';
import { CheckQueue } from './check-queue.js';
import type { Identity } from './identity.js';
import { jwtVerifier, secretKey } from './jwt.js';
import { readIdentity } from './read-identity.js';
import { unauthorized } from './refusals.js';

/** A working day, in milliseconds. */
const DEFAULT_TTL_MS = 12 * 60 * 60 * 1000;

/** How long a check may take, in milliseconds: it may ask a directory far away. */
const TIMEOUT_MS = 5_000;

/** How long a check that is too slow keeps its place, in milliseconds: it may never end. */
const LONGEST_CHECK_MS = 60_000;

/** What keeps our tokens apart from others that the same secret may sign. */
const OURSELVES = 'signal-core';

/**
 * Users log in here, and get a token that this server signs.
 *
 * @see SPEC.md, rules AUTH-7 and LIMIT-7
 */
export function passwordAuth({ passwords }: PasswordAuth, parts: AuthParts): AuthScheme {
  const { clock, limits, log } = parts;
  const queue = new CheckQueue({ atATime: limits.passwordChecks, waiting: limits.passwordChecksWaiting });
  const check = async (username: string, password: string) => {
    const leave = await queue.enter();
    const cancel = clock.after(LONGEST_CHECK_MS, leave);
    return askHost(parts, { source: 'passwords.check', ms: TIMEOUT_MS }, async () => {
      try {
        return await passwords.check(username, password);
      } finally {
        // not when the login was told that it took too long: it takes a core until it is over
        cancel();
        leave();
      }
    });
  };
  const issue = tokenIssuer(passwords);
  const verifyToken = jwtVerifier(
    { secret: passwords.secret, issuer: OURSELVES, audience: OURSELVES, toIdentity: identityIn },
    parts,
  );
  const isCurrent = async (identity: Identity) =>
    passwords.isCurrent === undefined ||
    (await askHost(parts, { source: 'passwords.isCurrent', ms: TIMEOUT_MS }, () => passwords.isCurrent?.(identity))) ===
      true;
  return {
    mode: 'passwords',
    async verify(token) {
      const identity = await verifyToken(token);
      if (!(await isCurrent(identity))) throw unauthorized();
      return identity;
    },
    identify: async () => undefined,
    async login(username, password) {
      const found = await check(username, password);
      const identity = readIdentity(found, 'passwords.check', log);
      if (identity === undefined) return undefined;
      const { scope } = identity;
      const user = { id: identity.id, username: identity.username };
      return { user, ...(scope !== undefined && { scope }), token: await issue(identity, clock.now()) };
    },
  };
}

function tokenIssuer({ secret, tokenTtlMs = DEFAULT_TTL_MS }: PasswordAuth['passwords']) {
  const key = secretKey(secret);
  return ({ id, username, scope }: Identity, now: number): Promise<string> =>
    new SignJWT({
      iss: OURSELVES,
      aud: OURSELVES,
      sub: id,
      name: username,
      ...(scope !== undefined && { scope }),
      jti: randomUUID(),
      // to the millisecond: who logs in anew in the second of a revocation is let in
      iat: now / 1000,
      exp: (now + tokenTtlMs) / 1000,
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(key);
}

/** Of a token that we signed: every claim is as we wrote it. */
function identityIn({ sub, name, scope }: Readonly<Record<string, unknown>>): Identity {
  return { id: String(sub), username: String(name), ...(scope !== undefined && { scope: String(scope) }) };
}
