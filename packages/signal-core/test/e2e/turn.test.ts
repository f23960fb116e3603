import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ipaddr from 'ipaddr.js';
import { describe, expect, it, vi } from 'vitest';
import { next } from '../client/heard.ts';
import { type Connection, mediaCall, message } from '../client/peers.ts';
import { type Guest, stage } from '../client/stage.ts';
import { type Credentials, hasCoturn, RELAY_ADDRESS, relayOnePacket, startCoturn } from './coturn.ts';

const SECRET = 'between the two servers';
const SAMPLE = fileURLToPath(new URL('../../../../docs/turnserver.conf', import.meta.url));

/** A signaling server beside a TURN server. */
async function turnStage() {
  const port = await startCoturn(SECRET, '-n', '--use-auth-secret', '--allow-loopback-peers');
  const turn = { urls: [`turn:127.0.0.1:${port}?transport=udp`], secret: SECRET };
  return { port, ...(await stage({ turn, icePolicy: 'relay-only' })) };
}

function credentialsOf({ client }: Guest): Credentials {
  const [{ username = '', credential = '' } = {}] = client.iceServers;
  return { username, credential };
}

const signed = (username: string): Credentials => ({
  username,
  credential: createHmac('sha1', SECRET).update(username).digest('base64'),
});

/** The types of the two ends that ICE chose. */
async function chosenPair(pc: Connection): Promise<string[]> {
  const { getStats } = pc as unknown as { getStats(): Promise<Map<string, Record<string, unknown>>> };
  const stats = [...(await getStats.call(pc)).values()];
  const pair = stats.find(
    ({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded',
  );
  const end = (id: unknown) => stats.find((entry) => entry.id === id);
  return [end(pair?.localCandidateId), end(pair?.remoteCandidateId)].map((candidate) =>
    String(candidate?.candidateType),
  );
}

/** Every address in what came to a guest within a call. */
function addressesHeard({ wire }: Guest): Set<string> {
  const received = wire.filter(
    ({ direction, event }) => direction === 'received' && /^(call|ice|incoming|session)_/.test(event),
  );
  expect(received.length).toBeGreaterThan(1);
  const text = JSON.stringify(received.map(({ payload }) => payload)).replaceAll(/a=fingerprint:\S+ \S+/g, '');
  return new Set(text.match(/\d+(?:\.\d+){3}|[\da-f]*(?::[\da-f]*){2,}|[\w-]+\.local/gi));
}

describe.skipIf(!hasCoturn())('beside a real coturn', () => {
  it('[TURN-2] it takes the credentials that a client got, also under an id with colons in it', async () => {
    const { port, join } = await turnStage();
    const alice = await join('alice');
    expect(await relayOnePacket(port, credentialsOf(alice))).toMatchObject({ isDone: true });
    const urn = signed(`${Math.floor(Date.now() / 1000) + 600}:urn:example:alice|1`);
    expect(await relayOnePacket(port, urn)).toMatchObject({ isDone: true });
  });

  it('[TURN-2] it refuses lapsed and changed ones', async () => {
    const { port, join } = await turnStage();
    const { username, credential } = credentialsOf(await join('alice'));
    const [expiry = '', id = ''] = username.split(':');
    const changed = credential.startsWith('A') ? `B${credential.slice(1)}` : `A${credential.slice(1)}`;
    for (const wrong of [
      signed(`${Math.floor(Date.now() / 1000) - 1}:${id}`),
      { username, credential: changed },
      { username: `${expiry}:mallory`, credential },
      { username: `${Number(expiry) + 3_600}:${id}`, credential },
      { username: id, credential },
    ]) {
      const { isDone, says } = await relayOnePacket(port, wrong);
      expect([isDone, /error 401|Cannot complete Allocation/.test(says)]).toEqual([false, true]);
    }
  });

  it('[TURN-4] two peers talk through the relay alone, and neither hears an address of the other', async () => {
    const { join } = await turnStage();
    const [alice, bob] = [await join('alice'), await join('bob')];
    const { caller, callee } = await mediaCall(alice, bob, {}, ({ client }) => client.rtcConfiguration);
    const heard = message(callee.channel);
    caller.channel.send('through the relay');
    expect(await heard).toBe('through the relay');
    for (const { pc } of [caller, callee]) {
      // the statistics may be a moment behind
      await vi.waitFor(async () => expect(await chosenPair(pc)).toEqual(['relay', 'relay']));
    }
    for (const guest of [alice, bob]) {
      const addresses = addressesHeard(guest);
      expect(addresses).toContain(RELAY_ADDRESS);
      expect([...addresses].filter((address) => ![RELAY_ADDRESS, '0.0.0.0', '::'].includes(address))).toEqual([]);
    }
  });

  it('[TURN-4] a peer that gathers all there is shows no more', async () => {
    const { join } = await turnStage();
    const [alice, bob] = [await join('alice'), await join('bob')];
    const connected = mediaCall(alice, bob, {}, ({ client }) => ({ iceServers: client.iceServers }));
    const { caller } = await connected;
    const ended = next(caller.peerCall, 'ended');
    await caller.peerCall.end();
    await ended;
    for (const guest of [alice, bob]) {
      const others = [...addressesHeard(guest)].filter(
        (address) => ![RELAY_ADDRESS, '0.0.0.0', '::'].includes(address),
      );
      expect(others).toEqual([]);
    }
  });

  it('[TURN-5] with the sample configuration it relays to the public internet only', async () => {
    const port = await startCoturn(SECRET, '-c', SAMPLE);
    let users = 0;
    const reach = async (peer: string) => {
      users += 1;
      const { says } = await relayOnePacket(port, signed(`${Math.floor(Date.now() / 1000) + 600}:${users}`), peer);
      return says.includes('403 (Forbidden IP)')
        ? 'forbidden'
        : /channel bind sent[\s\S]*success: 0x/.test(says)
          ? 'open'
          : says;
    };
    for (const peer of [
      '127.0.0.1',
      '10.1.2.3',
      '169.254.169.254',
      '100.64.0.1',
      '192.168.1.1',
      '0.0.0.0',
      '239.1.1.1',
    ]) {
      expect([peer, await reach(peer)]).toEqual([peer, 'forbidden']);
    }
    for (const peer of ['1.1.1.1', '172.32.0.1']) expect([peer, await reach(peer)]).toEqual([peer, 'open']);
  });
});

describe('the sample configuration', () => {
  /** IANA's special-purpose registries, and multicast: none of it is a peer on the internet. */
  const NOBODY = [
    ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
    ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
    ...[
      '224.0.0.0/4',
      '240.0.0.0/4',
      '255.255.255.255/32',
      '::1/128',
      '::ffff:0:0/96',
      '64:ff9b::/96',
      '64:ff9b:1::/48',
    ],
    ...['100::/64', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10'],
    ...['fec0::/10', 'ff00::/8'],
  ];
  const SOMEBODY = [
    '1.1.1.1',
    '8.8.8.8',
    '100.128.0.1',
    '172.32.0.1',
    '192.167.255.255',
    '2606:4700::1111',
    '2a00:1450::1',
  ];

  const numberOf = (address: string) =>
    ipaddr
      .parse(address)
      .toByteArray()
      .reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const familyOf = (address: string) => ipaddr.parse(address).kind();

  async function settings() {
    const lines = (await readFile(SAMPLE, 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return lines.map((line) => line.split('=') as [name: string, value?: string]);
  }

  async function deniedRanges() {
    const values = (await settings())
      .filter(([name]) => name === 'denied-peer-ip')
      .map(([, value = '']) => value.split('-'));
    return values.map(([from = '', to = '']) => ({ family: familyOf(from), from: numberOf(from), to: numberOf(to) }));
  }

  it('[TURN-5] denies every network that is not of the public internet, and no other', async () => {
    const ranges = await deniedRanges();
    const isDenied = (address: string, last = address) =>
      ranges.some(
        ({ family, from, to }) => family === familyOf(address) && from <= numberOf(address) && numberOf(last) <= to,
      );
    for (const network of NOBODY) {
      const [base, bits] = ipaddr.parseCIDR(network);
      const size = 2n ** BigInt((base.kind() === 'ipv4' ? 32 : 128) - bits);
      const last = ipaddr
        .fromByteArray(bytesOf(numberOf(base.toString()) + size - 1n, base.toByteArray().length))
        .toString();
      expect([network, isDenied(base.toString(), last)]).toEqual([network, true]);
    }
    for (const address of SOMEBODY) expect([address, isDenied(address)]).toEqual([address, false]);
  });

  it('[TURN-5] asks for credentials, has limits, and holds no secret', async () => {
    const all = Object.fromEntries(await settings());
    expect(all).toMatchObject({ 'user-quota': '12', 'total-quota': '1200', realm: 'TURN.EXAMPLE' });
    expect(Object.keys(all)).toEqual(
      expect.arrayContaining(['use-auth-secret', 'no-multicast-peers', 'no-cli', 'stale-nonce']),
    );
    expect(all['static-auth-secret']).toMatch(/^THE-SAME/);
    expect(Object.keys(all).filter((name) => /cert|pkey|password|allow-loopback|no-auth$/.test(name))).toEqual([]);
  });

  function bytesOf(value: bigint, length: number): number[] {
    return Array.from({ length }, (_, index) => Number((value >> BigInt(8 * (length - 1 - index))) & 255n));
  }
});
