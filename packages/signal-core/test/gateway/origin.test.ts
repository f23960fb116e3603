import { describe, expect, test } from 'vitest';
import { isAllowedOrigin } from '../../src/gateway/origin.ts';
import type { Origins } from '../../src/options.ts';

const APP = 'https://app.example';

describe('a request', () => {
  const cases: [
    title: string,
    origin: string | undefined,
    host: string | undefined,
    origins: Origins,
    allowed: boolean,
  ][] = [
    ['without an origin passes: it is no page', undefined, 'signal.example', [], true],
    ['of any page passes where every page may', 'https://evil.example', 'signal.example', '*', true],
    ['of a listed origin passes', APP, 'signal.example', [APP], true],
    ['of another scheme does not', 'http://app.example', 'signal.example', [APP], false],
    ['of another port does not', 'https://app.example:8443', 'signal.example', [APP], false],
    ['of a subdomain does not', 'https://x.app.example', 'signal.example', [APP], false],
    ['of a name that only begins alike does not', 'https://app.example.evil.example', 'signal.example', [APP], false],
    ['of a page without an origin does not', 'null', 'signal.example', [APP], false],
    ['of no page at all does not', '', 'signal.example', [APP], false],

    ["of this host's own page passes on localhost", 'http://localhost:3001', 'localhost:3001', [], true],
    ["of this host's own page passes on an IPv4 address", 'http://192.0.2.7:3001', '192.0.2.7:3001', [], true],
    ["of this host's own page passes on an IPv6 address", 'http://[::1]:3001', '[::1]:3001', [], true],
    [
      "of this host's own page does not pass on a name: it may be rebound",
      'http://signal.example',
      'signal.example',
      [],
      false,
    ],
    [
      "of this host's own page passes on a listed name, whatever the port",
      'http://app.example:81',
      'app.example:81',
      [APP],
      true,
    ],
    ['of another port of localhost does not', 'http://localhost:5173', 'localhost:3001', [], false],
    [
      'of a name that only begins like localhost does not',
      'http://localhost.evil.example',
      'localhost.evil.example',
      [],
      false,
    ],
    ['of localhost on another host does not', 'http://localhost', 'signal.example', [], false],
    ['over HTTP with an origin of HTTPS does not', 'https://localhost:3001', 'localhost:3001', [], false],

    ['without a host does not', 'http://localhost', undefined, [], false],
    ['with an empty host does not', 'http://', '', [], false],
    ['with a host that is none does not', 'http://a b', 'a b', [], false],
    ['with a broken IPv6 host does not', 'http://[', '[', [], false],
    ['with a host that names a user does not', 'http://localhost@evil.example', 'localhost@evil.example', [], false],
    [
      'is compared with what is no origin either without harm',
      'http://localhost:1',
      'localhost:2',
      ['not an origin'],
      false,
    ],
  ];

  test.each(cases)('[HOST-9] %s', (_, origin, host, origins, allowed) => {
    expect(isAllowedOrigin({ origin, host, isEncrypted: false }, origins)).toBe(allowed);
  });

  test.each([
    ['https://localhost:3001', true],
    ['http://localhost:3001', false],
  ])('[HOST-9] over HTTPS: the own origin is that of HTTPS, so %s: %s', (origin, allowed) => {
    expect(isAllowedOrigin({ origin, host: 'localhost:3001', isEncrypted: true }, [])).toBe(allowed);
  });
});
