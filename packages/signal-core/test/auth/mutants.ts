import { createHmac } from 'node:crypto';
import type { Dice } from '../fuzz/dice.ts';

/** A good token, and what an attacker knows besides. */
export interface Prey {
  token: string;
  /** Another good one, of somebody else. */
  other: string;
  /** The public key of the issuer, in the ways in which it may be taken for a secret. */
  publicKeys: readonly string[];
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString());

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const JUNK = ['\0', '\n', ' ', '=', '.', '+', '/', 'é', '\u200b', '\ud800', '𝐀', '\u0301', 'А'];

type Mutation = (prey: Prey, dice: Dice) => string;

const partsOf = (token: string) => token.split('.') as [header: string, payload: string, signature: string];

/** A token with another header or payload, signed by whatever `sign` makes. */
function forged(token: string, change: { header?: object; payload?: object }, sign: (data: string) => string): string {
  const [header, payload] = partsOf(token);
  const data = `${encode({ ...decode(header), ...change.header })}.${encode({ ...decode(payload), ...change.payload })}`;
  return `${data}.${sign(data)}`;
}

const hmac = (alg: string, key: string) => (data: string) =>
  createHmac(alg.replace('HS', 'sha'), key).update(data).digest('base64url');

const PAYLOADS = [
  { sub: 'admin' },
  { exp: 4_102_444_800 },
  { exp: null },
  { aud: ['calls', 'mail'] },
  { iss: '' },
  { nbf: 0 },
  { jti: 'another' },
  { name: 'Admin' },
];
const HEADERS = [
  { alg: 'none' },
  { alg: 'None' },
  { alg: 'nOnE' },
  { alg: '' },
  { alg: null },
  { alg: ['HS256'] },
  { alg: 'dir', enc: 'A256GCM' },
  { alg: 'HS384' },
  { alg: 'ES384' },
  { alg: 'RS512' },
  { kid: '../../dev/null' },
  { kid: 'unknown' },
  { kid: 7 },
  { kid: '' },
  { jwk: { kty: 'oct', k: 'AAAA' } },
  { jku: 'http://127.0.0.1:1/keys' },
  { x5u: 'http://127.0.0.1:1/keys' },
  { crit: ['b64'], b64: false },
  { crit: ['exp'] },
  { zip: 'DEF' },
  { typ: 'at+jwt' },
];

/** By name: how a good token is made into one that nobody signed. */
export const MUTATIONS: Record<string, Mutation> = {
  bitFlip({ token }, dice) {
    const at = dice.int(token.length);
    return token.slice(0, at) + String.fromCharCode(token.charCodeAt(at) ^ (1 << dice.int(7))) + token.slice(at + 1);
  },
  otherCharacter({ token }, dice) {
    const at = dice.int(token.length);
    return token.slice(0, at) + dice.pick([...BASE64URL]) + token.slice(at + 1);
  },
  // of the last character two or four bits count
  lastCharacter: ({ token }, dice) => token.slice(0, -1) + dice.pick([...BASE64URL]),
  truncated: ({ token }, dice) => token.slice(0, dice.int(token.length)),
  beheaded: ({ token }, dice) => token.slice(1 + dice.int(token.length - 1)),
  junk({ token }, dice) {
    const at = dice.int(token.length + 1);
    return token.slice(0, at) + dice.pick(JUNK).repeat(1 + dice.int(3)) + token.slice(at);
  },
  decorated: ({ token }, dice) =>
    dice.pick([`Bearer ${token}`, `"${token}"`, ` ${token}`, `${token}\n`, `${token}==`, `${token}.`, `.${token}`]),
  otherAlphabet: ({ token }) => {
    const other = token.replaceAll('-', '+').replaceAll('_', '/');
    return other === token ? `${token}=` : other;
  },
  oversized: ({ token }, dice) => token + 'A'.repeat(dice.pick([1, 4_096, 60_000])),
  swappedParts({ token, other }, dice) {
    const [a, b] = [partsOf(token), partsOf(other)];
    return dice
      .pick([
        [b[0], a[1], b[2]],
        [a[0], b[1], a[2]],
        [a[0], a[1], b[2]],
        [a[1], a[0], a[2]],
        [a[0], a[2], a[1]],
        [a[0], a[1], ''],
        [a[0], '', a[2]],
        ['', a[1], a[2]],
        [a[0], a[1]],
        [...a, a[2]],
      ])
      .join('.');
  },
  unsigned: ({ token }, dice) =>
    forged(token, { header: dice.pick(HEADERS), payload: dice.pick(PAYLOADS) }, () => dice.pick(['', 'AAAA'])),
  changedUnderItsSignature: ({ token }, dice) =>
    forged(token, dice.chance(0.5) ? { header: dice.pick(HEADERS) } : { payload: dice.pick(PAYLOADS) }, () => {
      const [, , signature] = partsOf(token);
      return signature;
    }),
  // the public key of an issuer, or what somebody would choose, taken for the shared secret
  confused({ token, publicKeys }, dice) {
    const alg = dice.pick(['HS256', 'HS384', 'HS512']);
    const key = dice.pick([...publicKeys, '', 'secret', '\0'.repeat(32)]);
    return forged(token, { header: { alg, ...dice.pick(HEADERS.slice(10, 14)) } }, hmac(alg, key));
  },
  encrypted({ token }, dice) {
    const header = encode({
      alg: dice.pick(['dir', 'A256KW', 'RSA-OAEP', 'PBES2-HS256+A128KW']),
      enc: 'A256GCM',
      p2c: 2e9,
    });
    return [header, '', ...partsOf(token).slice(1), 'AAAA'].join('.');
  },
  otherSerialization({ token }, dice) {
    const [header, payload, signature] = partsOf(token);
    return dice.pick([
      JSON.stringify({ protected: header, payload, signature }),
      JSON.stringify({ payload, signatures: [{ protected: header, signature }] }),
      JSON.stringify([token]),
    ]);
  },
  noise: (_, dice) => dice.bytes(dice.int(300)).toString(dice.pick(['latin1', 'base64url', 'utf8'])),
};
