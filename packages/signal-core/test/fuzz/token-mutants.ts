import { createHmac } from 'node:crypto';
import type { Dice } from './dice.ts';
import { strangeValue } from './hostile-value.ts';
import { mutate, spoil } from './mutate.ts';

/** As `fuzz-server.mjs` is told. */
const SECRET = 'fuzz-signing-secret-of-32-bytes-and-more';
const ISSUER = 'https://issuer.example';
const AUDIENCE = 'signal';
const TTL_SECONDS = 7_200;
const HASHES: Record<string, string> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const part = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url');

type Header = { alg: string; [name: string]: unknown };

/** A JWT (RFC 7519), as right or wrong as what goes into it. */
function signed(claims: object, header: Header = { alg: 'HS256', typ: 'JWT' }, secret = SECRET): string {
  const body = `${part(header)}.${part(claims)}`;
  const hash = HASHES[header.alg];
  return `${body}.${hash === undefined ? '' : createHmac(hash, secret).update(body).digest('base64url')}`;
}

/** As the issuer would give it. */
export function goodToken(name: string): string {
  const now = Math.floor(Date.now() / 1_000);
  return signed({ iss: ISSUER, aud: AUDIENCE, sub: name, name, iat: now, exp: now + TTL_SECONDS });
}

/** A token that is no good, made from two that are. */
export function tokenMutant([one, other]: readonly [string, string], dice: Dice): string {
  for (;;) {
    const mutant = anyMutant(one, other, dice);
    if (mutant.trim() !== one && mutant.trim() !== other) return mutant;
  }
}

function anyMutant(one: string, other: string, dice: Dice): string {
  const claims: Record<string, unknown> = JSON.parse(Buffer.from(one.split('.')[1] ?? '', 'base64url').toString());
  switch (dice.int(7)) {
    case 0:
      return changedByte(one, dice);
    case 1:
      return spoil(one, dice);
    case 2:
      return rearranged(one.split('.'), other.split('.'), dice);
    case 3:
      return signed(claims, {
        alg: dice.pick(['none', 'None', 'NONE', '', 'HS384', 'HS512', 'RS256', 'ES256', 'dir']),
      });
    case 4:
      return signed(mutatedHolder(claims, dice), wrongHeader(dice), dice.pick(WRONG_SECRETS));
    case 5:
      return signed({ ...claims, ...dice.pick(WRONG_CLAIMS) });
    default:
      return noToken(one, dice);
  }
}

const WRONG_SECRETS = [
  '',
  'secret',
  SECRET.slice(1),
  `${SECRET}x`,
  SECRET.toUpperCase(),
  [...SECRET].reverse().join(''),
];

/** What no token may bear, though the right secret signed it. */
const WRONG_CLAIMS: readonly object[] = [
  { iss: undefined },
  { iss: 'https://issuer.example.evil' },
  { iss: [ISSUER, 'signal-core'] },
  { aud: undefined },
  { aud: 'SIGNAL' },
  { aud: [] },
  { aud: {} },
  { sub: undefined },
  { sub: '' },
  { sub: 'a b' },
  { sub: 'x'.repeat(129) },
  { exp: undefined },
  { exp: 1 },
  { exp: -1 },
  { exp: '9999999999' },
  { exp: null },
  { nbf: 9_999_999_999 },
  { nbf: 'later' },
  { iat: 9_999_999_999 },
  { iat: 'now' },
  { name: 'x'.repeat(65) },
  { name: 'a\u0000b' },
];

function mutatedHolder(claims: object, dice: Dice): object {
  const mutant = mutate(claims, dice);
  return typeof mutant === 'object' && mutant !== null ? mutant : claims;
}

/** Keys that the token brings along itself, and what a library might be talked into. */
function wrongHeader(dice: Dice): Header {
  const alg = dice.pick(['HS256', 'HS256', 'HS512', 'none']);
  const jwk = { kty: 'oct', k: Buffer.from('secret').toString('base64url') };
  return dice.pick<Header>([
    { alg },
    { alg, jwk },
    { alg, jku: 'http://127.0.0.1:9/keys' },
    { alg, x5u: 'http://127.0.0.1:9/cert', x5c: ['AAAA'] },
    { alg, kid: '../../../../dev/null' },
    { alg, kid: '__proto__', crit: ['exp'] },
    { alg, b64: false, crit: ['b64'] },
    { alg, zip: 'DEF', enc: 'A128GCM' },
  ]);
}

/** One character of the token another: near the end two of them may decode to the same bytes. */
function changedByte(token: string, dice: Dice): string {
  const at = dice.chance(0.2) ? token.length - 1 - dice.int(2) : dice.int(token.length);
  return token.slice(0, at) + dice.pick([...BASE64URL]) + token.slice(at + 1);
}

function rearranged(one: string[], other: string[], dice: Dice): string {
  const [header = '', claims = '', signature = ''] = one;
  return dice.pick([
    `${header}.${claims}`,
    `${header}.${claims}.`,
    `${header}..${signature}`,
    `.${claims}.${signature}`,
    `${header}.${claims}.${other[2]}`,
    `${header}.${other[1]}.${signature}`,
    `${header}.${claims}.${signature}.`,
    `${header}.${claims}.${signature}=`,
    `${header}=.${claims}.${signature}`,
    `${header}.${claims}.${signature}${signature}`,
    `${header}.${claims}.${signature}.${header}.${claims}`,
    [header, claims, signature].join('\n.'),
    signature.replaceAll('-', '+').replaceAll('_', '/') === signature
      ? 'x'
      : one.join('.').replaceAll('-', '+').replaceAll('_', '/'),
  ]);
}

function noToken(token: string, dice: Dice): string {
  const [header, payload, signature] = token.split('.');
  const strange = strangeValue(dice);
  return dice.pick([
    `Bearer ${token}`,
    `${token},${token}`,
    `${token} ${token}`,
    encodeURIComponent(`${token}.`),
    JSON.stringify({ protected: header, payload, signature }),
    'null',
    'undefined',
    '{}',
    'x'.repeat(dice.pick([1, 4_096, 4_097, 20_000])),
    `${token}${' '.repeat(4_096)}x`,
    typeof strange === 'string' ? strange : JSON.stringify(strange),
    part({ alg: 'dir', enc: 'A256GCM' }).concat('....'),
  ]);
}
