import { inspect } from 'node:util';
import type { AuthOptions } from 'signal-core';
import { describe, expect, test } from 'vitest';
import { resolveOptions } from '../../src/resolve-options.ts';
import { AUDIENCE, ISSUER, SECRET } from './issuer.ts';

const jwt = { secret: SECRET, issuer: ISSUER, audience: AUDIENCE };
const byKeys = { jwksUrl: 'https://issuer.example/keys', issuer: ISSUER, audience: AUDIENCE };
const check = () => null;
const SHORT = 'a secret that is far too short';

const WRONG: [auth: unknown, expected: string][] = [
  [{}, "'open', {verifyToken}, {authenticate}, {jwt} or {passwords}"],
  [[], "'open', {verifyToken}, {authenticate}, {jwt} or {passwords}"],
  [{ jwt, passwords: { check, secret: SECRET } }, "'open', {verifyToken}"],
  [{ jwt, verifyToken: check }, "'open', {verifyToken}"],
  [{ authenticate: 'yes' }, 'with authenticate: a function'],
  [{ verifyToken: check, authenticate: null }, 'with authenticate: a function'],
  [{ jwt: SECRET }, 'an object with {jwt: {secret'],
  [{ jwt: { ...jwt, secret: SHORT } }, 'with jwt.secret: a secret of 32 bytes at least'],
  [{ jwt: { ...jwt, secret: new Uint8Array(31) } }, 'with jwt.secret: a secret of 32 bytes at least'],
  [{ jwt: { ...jwt, secret: 7 } }, 'with jwt.secret: a secret of 32 bytes at least'],
  [{ jwt: { issuer: ISSUER, audience: AUDIENCE } }, 'with either jwt.secret or jwt.jwksUrl'],
  [{ jwt: { ...jwt, ...byKeys } }, 'with either jwt.secret or jwt.jwksUrl'],
  [{ jwt: { ...byKeys, jwksUrl: 'http://issuer.example/keys' } }, 'with jwt.jwksUrl: an https URL'],
  [{ jwt: { ...byKeys, jwksUrl: 'http://127.0.0.1.issuer.example/keys' } }, 'with jwt.jwksUrl: an https URL'],
  [{ jwt: { ...byKeys, jwksUrl: 'file:///keys' } }, 'with jwt.jwksUrl: an https URL'],
  [{ jwt: { ...byKeys, jwksUrl: 'https://user:pw@issuer.example/keys' } }, 'with jwt.jwksUrl: an https URL'],
  [{ jwt: { ...byKeys, jwksUrl: 'https://user@issuer.example/keys' } }, 'with jwt.jwksUrl: an https URL'],
  [{ jwt: { ...byKeys, jwksUrl: 'keys' } }, 'with jwt.jwksUrl: an https URL'],
  [{ jwt: { ...byKeys, jwksUrl: new URL(byKeys.jwksUrl) } }, 'with jwt.jwksUrl: an https URL'],
  [{ jwt: { ...jwt, issuer: '' } }, 'with jwt.issuer: a string'],
  [{ jwt: { ...jwt, audience: ['calls'] } }, 'with jwt.audience: a string'],
  [{ jwt: { ...jwt, algorithms: [] } }, 'with jwt.algorithms: a list of algorithms'],
  [{ jwt: { ...jwt, algorithms: 'HS256' } }, 'with jwt.algorithms: a list of algorithms'],
  [{ jwt: { ...jwt, algorithms: ['HS256', 'none'] } }, 'with jwt.algorithms of HS256, HS384, HS512'],
  [{ jwt: { ...jwt, algorithms: ['RS256'] } }, 'with jwt.algorithms of HS256, HS384, HS512'],
  [{ jwt: { ...byKeys, algorithms: ['HS256'] } }, 'with jwt.algorithms of RS256, RS384'],
  [{ jwt: { ...jwt, toIdentity: 'sub' } }, 'with jwt.toIdentity: a function'],
  [{ jwt: { ...jwt, algorithm: 'HS256' } }, 'without jwt.algorithm, which is unknown'],
  [{ passwords: check }, 'an object with {passwords: {check'],
  [{ passwords: { secret: SECRET } }, 'with passwords.check: a function'],
  [{ passwords: { check } }, 'with passwords.secret: a secret of 32 bytes at least'],
  [{ passwords: { check, secret: SHORT } }, 'with passwords.secret: a secret of 32 bytes at least'],
  [{ passwords: { check, secret: SECRET, tokenTtlMs: 999 } }, 'with passwords.tokenTtlMs: a whole number'],
  [{ passwords: { check, secret: SECRET, tokenTtlMs: '12h' } }, 'with passwords.tokenTtlMs: a whole number'],
];

describe('[HOST-7] the option auth is refused, by what it must be', () => {
  test.each(WRONG)('%j', (auth, expected) => {
    const resolve = () => resolveOptions({ auth: auth as AuthOptions });
    expect(resolve).toThrow(TypeError);
    expect(resolve).toThrow(`option 'auth' must be ${expected}`);
    expect(resolve).not.toThrow(SHORT);
    expect(resolve).not.toThrow(SECRET);
  });
});

test.each<AuthOptions>([
  { verifyToken: check },
  { verifyToken: check, authenticate: check },
  { jwt },
  { jwt: { ...jwt, secret: new Uint8Array(32), algorithms: ['HS512'] } },
  { jwt: byKeys },
  { jwt: { ...byKeys, jwksUrl: 'http://localhost:8080/keys', algorithms: ['ES256'] } },
  { jwt: { ...byKeys, jwksUrl: 'http://[::1]/keys' } },
  { passwords: { check, secret: SECRET, tokenTtlMs: 1_000 } },
])('[HOST-7] takes %s', (auth) => {
  expect(resolveOptions({ auth }).auth, inspect(auth)).toBe(auth);
});
