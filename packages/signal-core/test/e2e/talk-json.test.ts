import { LIMITS } from 'signal-core/protocol';
import { describe, expect, test } from 'vitest';
import { callTo, ring, talk } from './call-steps.ts';
import { expectServing } from './hostile-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { rawConnection } from './raw-connection.ts';
import { type Stage, stage } from './stage.ts';

/** Nests something so many levels deep in arrays. */
const nested = (depth: number): unknown => (depth === 0 ? 'core' : [nested(depth - 1)]);
/** A text that is so many characters long as JSON. */
const ofLength = (length: number) => 'x'.repeat(length - 2);
const json = JSON.stringify;

const FINE: [name: string, data: unknown][] = [
  ['an object', { muted: true, tones: ['1', '#'], level: -3.5, label: null }],
  ['a text', 'hello'],
  ['an empty text', ''],
  ['a number', 0],
  ['false', false],
  ['null', null],
  ['an empty list', []],
  ['an empty object', {}],
  ['4 levels', nested(4)],
  ['4 levels of objects', { a: { b: { c: { d: 1 } } } }],
  ['`__proto__` keys', JSON.parse('{"__proto__": {"admin": true}, "constructor": {"prototype": 1}, "a": 1}')],
  ['a member named as a number', { 7: 'seven', length: 3 }],
  ['other scripts, and half of a pair', '日本語 \u{1f600} \ud83d'],
];
const WRONG: [name: string, data: unknown][] = [
  ['nothing', undefined],
  ['5 levels', nested(5)],
  ['5 levels of objects', { a: { b: { c: { d: { e: 1 } } } } }],
  ['500 levels', nested(500)],
];

/** How each place is given application data, and where it comes out. */
const PLACES = {
  call_info: {
    max: LIMITS.callInfoLength,
    async open({ join }: Stage) {
      const [alice, bob] = [await join('alice', { protocol: 2 }), await join('bob')];
      const callId = await talk(alice, bob);
      return {
        send: (data: unknown) => alice.ask('call_info', { callId, data, unknown: 1 }),
        received: async () => Object(await bob.next('call_info')),
        key: 'data',
        others: { callId, from: alice.id },
      };
    },
  },
  metadata: {
    max: LIMITS.metadataLength,
    async open({ join }: Stage) {
      const [alice, bob] = [await join('alice', { protocol: 2 }), await join('bob')];
      return {
        send: (metadata: unknown) => alice.ask('call_user', callTo(alice, bob, { metadata, unknown: 1 })),
        received: async () => {
          const { callId, offer, ...call } = await bob.next('incoming_call');
          await alice.ask('end_call', { callId });
          await bob.next('call_ended');
          return Object(call);
        },
        key: 'metadata',
        others: { from: { id: alice.id, username: 'alice' }, callType: 'video' },
      };
    },
  },
} as const;

describe.each(Object.entries(PLACES))('%s', (place, { max, open }) => {
  const rule = place === 'metadata' ? '[CALL-23]' : '[TALK-2]';

  test(`${rule} is any JSON, at most 4 deep, and arrives as it is`, async () => {
    const { send, received, key, others } = await open(await stage('websocket'));
    for (const [name, data] of [...FINE, ['as long as may be', ofLength(max)]] as const) {
      expect(await send(data), name).toMatchObject({ ok: true });
      const { [key]: arrived, ...rest } = await received();
      expect(json(arrived), name).toBe(json(data));
      expect(rest).toEqual(others);
    }
  });

  test(`${rule} [ERR-4] is refused when it is too long or too deep, and nothing arrives`, async () => {
    const { send, received } = await open(await stage('websocket'));
    const wrong = WRONG.filter(([name]) => place === 'call_info' || name !== 'nothing');
    for (const [name, data] of [...wrong, ['too long', ofLength(max + 1)], ['many', Array(max).fill(1)]] as const) {
      expect(await send(data), name).toMatchObject({ ok: false, error: { code: 'invalid_payload' } });
    }
    expect(await send('fine')).toMatchObject({ ok: true });
    expect(json(await received())).toContain('"fine"');
  });
});

describe.each(TRANSPORTS)('metadata over %s', (transport) => {
  test('[CALL-23] is shown to every device that is rung, to one that comes online later too', async () => {
    const { join } = await stage(transport);
    const [alice, phone, tablet] = [await join('alice', { protocol: 2 }), await join('bob'), await join('bob')];
    const metadata = { topic: 'lunch', guests: [2, 3] };
    const callId = await ring(alice, phone, { metadata });
    expect(await tablet.next('incoming_call')).toMatchObject({ callId, metadata });
    const late = await join('bob');
    expect(await late.next('incoming_call')).toMatchObject({ callId, metadata });
  });

  test('[CALL-23] is nowhere when there is none, and in no other event', async () => {
    const { join } = await stage(transport);
    const [alice, bob] = [await join('alice', { protocol: 2 }), await join('bob')];
    const first = await ring(alice, bob);
    expect(Object.keys(Object(bob.log.find(({ event }) => event === 'incoming_call')?.payload))).toEqual([
      'callId',
      'from',
      'callType',
      'offer',
    ]);
    await alice.ask('end_call', { callId: first });
    bob.forget();
    alice.forget();
    const callId = await talk(alice, bob, { metadata: 'a secret of the two' });
    await bob.ask('end_call', { callId });
    await alice.next('call_ended');
    const told = [...alice.log, ...bob.log].filter(({ payload }) => json(payload)?.includes('a secret'));
    expect(told.map(({ event }) => event)).toEqual(['incoming_call']);
  });
});

test.each([
  ['call_info', 'data'],
  ['call_user', 'metadata'],
])('[ERR-4] %s with %s of 20,000 levels is refused, and harms nobody', async (event, key) => {
  const server = await stage('websocket');
  const raw = await rawConnection(server.url, 'websocket');
  raw.send('421["join",{"id":"mallory","username":"mallory","protocol":2}]');
  await raw.next('431[');
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  const rest = '"callId":"c1","to":"bob","callType":"audio","offer":{"type":"offer","sdp":"v=0"}';
  raw.send(`427["${event}",{${rest},"${key}":${deep}}]`);
  expect(await raw.next('437[')).toContain('"code":"invalid_payload"');
  await expectServing(server);
});

test('[CALL-23] [HOST-11] the hooks are asked with it; what they make of it reaches no client', async () => {
  const asked: string[] = [];
  const hook = (name: string) => (request: { metadata?: unknown }) => {
    asked.push(`${name} ${json(request.metadata)}`);
    Object.assign(Object(request.metadata), { topic: 'changed', added: true });
    return true;
  };
  const { join, login } = await stage('websocket', {
    authorizeCall: hook('authorizeCall'),
    onUnreachable: hook('onUnreachable'),
  });
  const alice = await join('alice', { protocol: 2 });
  const metadata = JSON.parse('{"topic": "lunch", "__proto__": {"admin": true}}');
  await alice.ask('call_user', callTo(alice, await login('bob'), { metadata }));
  expect(asked.map((line) => line.split(' ')[0])).toEqual(['authorizeCall', 'onUnreachable']);
  expect(asked[0]).toBe(`authorizeCall ${json(metadata)}`);
  const bob = await join('bob');
  expect(json((await bob.next('incoming_call')).metadata)).toBe(json(metadata));
  await alice.ask('call_user', callTo(alice, await login('carol')));
  expect(asked.at(-1)).toBe('onUnreachable undefined');
});
