import { JWT_ALGORITHMS, type JwtOptions, type PasswordOptions } from './auth-options.js';

type Check = (value: unknown) => string | undefined;
type Checks<Options> = { [Name in keyof Options]-?: Check };

/** What a key of HS256 must have at least (RFC 7518, section 3.2). */
const MIN_SECRET_BYTES = 32;
const MIN_TTL_MS = 1_000;

const aFunction: Check = (value) => (typeof value === 'function' ? undefined : 'a function');
const someText: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'a string');
const aSecret: Check = (value) => (isSecret(value) ? undefined : `a secret of ${MIN_SECRET_BYTES} bytes at least`);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

const JWT_CHECKS: Checks<JwtOptions> = {
  secret: optional(aSecret),
  jwksUrl: optional((value) =>
    isKeyUrl(value) ? undefined : 'an https URL, or an http one of this machine, without a password',
  ),
  issuer: someText,
  audience: someText,
  algorithms: optional((value) => (Array.isArray(value) && value.length > 0 ? undefined : 'a list of algorithms')),
  toIdentity: optional(aFunction),
};

const PASSWORD_CHECKS: Checks<PasswordOptions> = {
  check: aFunction,
  isCurrent: optional(aFunction),
  secret: aSecret,
  tokenTtlMs: optional((value) =>
    Number.isSafeInteger(value) && Number(value) >= MIN_TTL_MS
      ? undefined
      : `a whole number of milliseconds from ${MIN_TTL_MS}`,
  ),
};

const WAYS = "'open', {verifyToken}, {authenticate}, {jwt} or {passwords}";

/**
 * Checks the option `auth`, by every member.
 *
 * @returns what it must be, when it is not that; it tells nothing of the value
 */
export function checkAuth(value: unknown): string | undefined {
  if (value === 'open') return undefined;
  if (typeof value !== 'object' || value === null) return WAYS;
  const { verifyToken, authenticate, jwt, passwords } = Object(value);
  const ways = [verifyToken ?? authenticate, jwt, passwords].filter((way) => way !== undefined);
  if (ways.length !== 1) return WAYS;
  if (jwt !== undefined) return checkMembers('jwt', jwt, JWT_CHECKS) ?? checkKeys(jwt);
  if (passwords !== undefined) return checkMembers('passwords', passwords, PASSWORD_CHECKS);
  const checks = { verifyToken: optional(aFunction), authenticate: optional(aFunction) };
  return checkMembers('', { verifyToken, authenticate }, checks);
}

function checkMembers<Options>(name: string, options: unknown, checks: Checks<Options>): string | undefined {
  const path = (member: string) => (name === '' ? member : `${name}.${member}`);
  if (typeof options !== 'object' || options === null) return `an object with {${name}: {${Object.keys(checks)}}}`;
  const unknown = Object.keys(options).find((member) => !Object.hasOwn(checks, member));
  if (unknown !== undefined) return `without ${path(unknown)}, which is unknown`;
  for (const [member, check] of Object.entries<Check>(checks)) {
    const expected = check(Object(options)[member]);
    if (expected !== undefined) return `with ${path(member)}: ${expected}`;
  }
  return undefined;
}

/** A secret must never be taken for a public key, nor the other way round. */
function checkKeys({ secret, jwksUrl, algorithms = [] }: JwtOptions): string | undefined {
  if ((secret === undefined) === (jwksUrl === undefined)) return 'with either jwt.secret or jwt.jwksUrl';
  const allowed: readonly string[] = JWT_ALGORITHMS[secret === undefined ? 'jwksUrl' : 'secret'];
  return algorithms.every((name) => allowed.includes(name))
    ? undefined
    : `with jwt.algorithms of ${allowed.join(', ')}`;
}

function isSecret(value: unknown): boolean {
  if (typeof value === 'string') return Buffer.byteLength(value) >= MIN_SECRET_BYTES;
  return value instanceof Uint8Array && value.byteLength >= MIN_SECRET_BYTES;
}

function isKeyUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));
}
