import type { IncomingMessage } from 'node:http';
import type { TrustProxy } from 'signal-core';
import { SignalingServer } from 'signal-core';
import { describe, expect, test } from 'vitest';
import { clientAddressReader, isLocal, networkOf } from '../src/client-address.ts';

const PROXY = '10.0.0.1';

/** Reading looks at nothing of a request but these. */
function request(peer: string | undefined, headers: Record<string, string> = {}, isEncrypted = false) {
  return {
    socket: { remoteAddress: peer, ...(isEncrypted && { encrypted: true }) },
    headers: { host: 'inner:3001', ...headers },
    rawHeaders: [],
  } as unknown as IncomingMessage;
}

const read = (trustProxy: TrustProxy, ...from: Parameters<typeof request>) =>
  clientAddressReader(trustProxy)(request(...from));

const FORWARDED = {
  'x-forwarded-for': '203.0.113.9, 192.0.2.7',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'app.example',
};

describe('where a request comes from', () => {
  test.each<[string, TrustProxy, string]>([
    ['by default nobody is believed', [], PROXY],
    ['no hops: nobody is', 0, PROXY],
    ['one hop: the proxy is', 1, '192.0.2.7'],
    ['two hops: so is the one before it', 2, '203.0.113.9'],
    ['more hops than there are: the farthest', 9, '203.0.113.9'],
    ['a network: the proxy is in it, the one before is not', ['10.0.0.0/8'], '192.0.2.7'],
    ['networks: both are in them', ['10.0.0.0/8', '192.0.2.7'], '203.0.113.9'],
    ['a network that the peer is not in', ['192.0.2.0/24'], PROXY],
  ])('[LIMIT-11] %s', (_, trustProxy, address) => {
    expect(read(trustProxy, PROXY, FORWARDED).address).toBe(address);
  });

  test('[LIMIT-11] scheme and host are those of the client only when the peer is trusted', () => {
    expect(read([], PROXY, FORWARDED)).toMatchObject({ isEncrypted: false, host: 'inner:3001' });
    expect(read(['192.0.2.0/24'], PROXY, FORWARDED)).toMatchObject({ isEncrypted: false, host: 'inner:3001' });
    expect(read(1, PROXY, FORWARDED)).toMatchObject({ isEncrypted: true, host: 'app.example' });
    expect(read(1, PROXY, {}, true)).toMatchObject({ isEncrypted: true, host: 'inner:3001' });
    expect(read(1, PROXY, { 'x-forwarded-proto': 'http' }, true)).toMatchObject({ isEncrypted: false });
    const passedTwice = { 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'app.example, mid.example' };
    expect(read(2, PROXY, passedTwice)).toMatchObject({ isEncrypted: true, host: 'app.example' });
  });

  test('[LIMIT-11] what is no address leaves the nearest that is one', () => {
    expect(read(1, PROXY, { 'x-forwarded-for': 'unknown' }).address).toBe(PROXY);
    expect(read(2, PROXY, { 'x-forwarded-for': 'unknown, 192.0.2.7' }).address).toBe('192.0.2.7');
    expect(read(1, PROXY, { 'x-forwarded-for': `${'x'.repeat(9_000)},,, ,` }).address).toBe(PROXY);
    expect(read(1, PROXY, { 'x-forwarded-for': '192.0.2.7:' }).address).toBe(PROXY);
    expect(read([], undefined).address).toBe('unknown');
    expect(read([PROXY], undefined, FORWARDED).address).toBe('unknown');
  });

  test('[LIMIT-6] an IPv4-mapped address is the IPv4 one, and an IPv6 one counts by /64', () => {
    expect(read([], '::ffff:192.0.2.7').address).toBe('192.0.2.7');
    expect(read(['10.0.0.0/8'], '::ffff:10.0.0.1', FORWARDED).address).toBe('192.0.2.7');
    expect(read([], '2001:DB8:0:0::1').address).toBe('2001:db8::1');
    expect(networkOf('192.0.2.7')).toBe('192.0.2.7');
    expect(networkOf('unknown')).toBe('unknown');
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(networkOf('2001:db8:1:2::')).toBe('2001:db8:1:2::/64');
    expect(networkOf('2001:db8:1:3::')).not.toBe('2001:db8:1:2::/64');
    expect(networkOf('fe80::1%eth0')).toBe('fe80::/64');
  });

  test.each<[boolean, string | undefined, Record<string, string>]>([
    [true, '127.0.0.1', {}],
    [true, '127.8.8.8', {}],
    [true, '::1', {}],
    [true, '::ffff:127.0.0.1', {}],
    [false, '192.0.2.7', {}],
    [false, undefined, {}],
    [false, '127.0.0.1', { forwarded: 'for=192.0.2.7' }],
    [false, '127.0.0.1', { 'x-forwarded-for': '127.0.0.1' }],
    [false, '127.0.0.1', { 'x-forwarded-for': '' }],
    [false, '127.0.0.1', { 'x-forwarded-port': '443' }],
    [false, '127.0.0.1', { via: '1.1 proxy' }],
    [false, '127.0.0.1', { 'x-real-ip': '192.0.2.7' }],
  ])('[AUTH-10] local is %s: a peer %s with %j', (local, peer, headers) => {
    for (const trustProxy of [[], 1, ['127.0.0.0/8']]) expect(isLocal(read(trustProxy, peer, headers))).toBe(local);
  });
});

test.each([['0.0.0.0/0'], ['::/0'], ['10.0.0.0/33'], ['loopback'], [''], ['10.0.0.1/']])(
  "[LIMIT-11] trustProxy takes no '%s'",
  (network) => {
    expect(() => new SignalingServer({ auth: 'open', trustProxy: [network] })).toThrow(/option 'trustProxy'/);
  },
);
