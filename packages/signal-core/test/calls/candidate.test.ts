import { describe, expect, test } from 'vitest';
import { fitsDescription, iceUfrags } from '../../src/calls/candidate.ts';
import { candidate } from './outbox.ts';

describe('the ICE user fragments of an SDP', () => {
  test.each([
    ['none', 'v=0\r\ns=-\r\n', []],
    ['one for the session', 'v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:x\r\n', ['abcd']],
    ['one for each medium', 'v=0\r\nm=audio\r\na=ice-ufrag:one\r\nm=video\r\na=ice-ufrag:two\r\n', ['one', 'two']],
    ['the same twice, once', 'v=0\r\na=ice-ufrag:one\r\na=ice-ufrag:one\r\n', ['one']],
    ['with bare line feeds', 'v=0\na=ice-ufrag:a+b/c\nm=audio\n', ['a+b/c']],
    ['only at the beginning of a line', 'v=0\r\na=x a=ice-ufrag:no\r\n', []],
  ])('[ICE-5] %s', (_, sdp, expected) => expect([...iceUfrags(sdp)]).toEqual(expected));
});

describe('a held candidate', () => {
  const both = new Set(['one', 'two']);
  test.each([
    ['of the description fits', candidate(1, 'two'), both, true],
    ['of an earlier call does not', candidate(1, 'old'), both, false],
    ['fits when the SDP names no fragment', candidate(1, 'old'), new Set<string>(), true],
    ['that names no fragment is believed', candidate(1), both, true],
    ['whose fragment is null is believed', { ...candidate(1), usernameFragment: null }, both, true],
    ['that is the end of candidates fits', null, both, true],
  ])('[ICE-5] %s', (_, held, ufrags, fits) => expect(fitsDescription(held, ufrags)).toBe(fits));
});
