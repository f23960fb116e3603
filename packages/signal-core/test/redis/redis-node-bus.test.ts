import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { FakeClock } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import type { NodeId } from '../../src/domain/ids.ts';
import type { NodeMessage } from '../../src/stores/nodes.ts';
import { RedisKeys } from '../../src/stores/redis/keys.ts';
import { readMessage } from '../../src/stores/redis/node-message.ts';
import { STREAM_MS } from '../../src/stores/redis/node-outbox.ts';
import { toRecord } from '../../src/stores/redis/record.ts';
import { ANSWER_MS, RedisLink } from '../../src/stores/redis/redis-link.ts';
import { RedisNodeBus } from '../../src/stores/redis/redis-node-bus.ts';
import { sampleActive, sampleEnded, sampleRinging } from '../../src/testing/sample-calls.ts';
import { describeOnRedis, RedisProcess } from './redis-process.ts';

const KEYS = new RedisKeys('test');
const SDP = 'v=0\r\na=ice-pwd:cdefghijklmnopqrstuvwxyz\r\n';

/** A Redis, and nodes on it; each keeps what it hears. */
async function start() {
  const redis = await RedisProcess.start();
  onTestFinished(() => redis.stop());
  const client = await redis.connect();
  const logged: [level: string, message: string, fields: object][] = [];
  const log = (level: string) => (fields: object, message: string) => void logged.push([level, message, fields]);
  const logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
  const node = async (name: NodeId, clock: Clock = systemClock) => {
    const own = await redis.connect();
    const parts = { client: own, link: new RedisLink(own, clock), keys: KEYS, clock, log: logger };
    const bus = new RedisNodeBus(parts);
    const heard: [from: NodeId, message: NodeMessage][] = [];
    const stop = bus.listen(name, (from, message) => void heard.push([from, message]));
    onTestFinished(stop);
    return {
      client: own,
      bus,
      heard,
      stop,
      numbers: () => heard.map(([, message]) => message.type === 'relay' && message.n),
    };
  };
  const [one, two] = [await node('one'), await node('two')];
  return { redis, client, logged, node, one, two };
}

function dropped(logged: [level: string, message: string, fields: object][]): string[] {
  return logged.filter(([, message]) => message === 'messages to other nodes are dropped').map(([level]) => level);
}

function relayed(n: number): NodeMessage {
  const of = { scope: '', callId: 'c1', version: 2, from: 'alice/laptop', to: 'bob/phone', run: 1 } as const;
  return { ...of, type: 'relay', n, event: 'session_description', payload: { type: 'offer', sdp: SDP } };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

const ringing = { ...sampleRinging('c1'), metadata: { from: ['the app', null, 1] }, added: 'by a later release' };
const lost = { device: 'bob/phone', link: { state: 'lost', since: 5 }, node: 'two' } as const;
const active = { ...sampleActive(ringing), callee: lost, answer: { type: 'answer', sdp: SDP } } as const;

const EVERY_KIND: NodeMessage[] = [
  { type: 'call', scope: 'red', call: ringing },
  { type: 'call', scope: '', call: active },
  { type: 'call', scope: '', call: sampleEnded(active) },
  relayed(1),
  { type: 'shown', scope: '', callId: 'c1', device: 'bob/phone', n: 1 },
  { type: 'hand_over', ask: 'a1', device: 'bob/phone', socketId: 's1' },
  { type: 'handed_over', ask: 'a1', kept: { held: [] } },
  { type: 'handed_over', ask: 'a2', kept: undefined },
  { type: 'dismiss_user', userId: 'bob \ud800 {}', socketIds: ['s1', 's2'] },
  { type: 'revoke', revocation: { userId: 'bob', issuedBefore: 1.5 } },
  { type: 'revoke', revocation: { jti: 'j' } },
  { type: 'visibility_changed' },
];

describeOnRedis('the bus on Redis', () => {
  test('[STORE-11] every kind of message arrives as it was sent, in order, and only where it was sent to', async () => {
    const { one, two } = await start();
    for (const message of EVERY_KIND) one.bus.send('two', message);
    two.bus.send('one', relayed(7));
    await expect.poll(() => two.heard.length).toBe(EVERY_KIND.length);
    expect(two.heard).toEqual(EVERY_KIND.map((message) => ['one', message]));
    await expect.poll(() => one.heard).toEqual([['two', relayed(7)]]);
  });

  test('[STORE-11] a node hears what was sent before it began to read', async () => {
    const { one, node, client } = await start();
    one.bus.send('three', relayed(1));
    await expect.poll(() => client.exists(KEYS.node('three'))).toBe(1);
    const three = await node('three');
    await expect.poll(three.numbers).toEqual([1]);
  });

  test('[STORE-11] 2,000 messages of many turns come in order, and cost few commands', async () => {
    const { client, one, two } = await start();
    await client.configResetStat();
    for (const n of upTo(2_000)) {
      one.bus.send('two', relayed(n));
      if (n % 10 === 0) await nextTurn();
    }
    await expect.poll(two.numbers).toEqual(upTo(2_000));
    const stats = await client.info('commandstats');
    const sent = Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
    expect(sent).toBeLessThan(200);
  });

  test('[STORE-11] the 23 messages of a call in one turn are one command; so are a reading and the trimming', async () => {
    const { client, one, two } = await start();
    one.bus.send('two', relayed(1));
    await expect.poll(two.numbers).toEqual([1]);
    await client.configResetStat();
    for (const n of upTo(23)) one.bus.send('two', relayed(n));
    await expect.poll(() => two.heard.length).toBe(24);
    await expect.poll(() => client.xLen(KEYS.node('two'))).toBe(0);
    const stats = await client.info('commandstats');
    expect(stats).toMatch(/cmdstat_evalsha:calls=1,/);
    expect(stats).toMatch(/cmdstat_xadd:calls=1,/);
    expect(stats).toMatch(/cmdstat_xtrim:calls=1,/);
  });

  test('[STORE-11] what was read stays in no key, and the stream of a node that is gone goes', async () => {
    const { client, one, two, redis } = await start();
    for (const n of upTo(50)) {
      one.bus.send('two', relayed(n));
      two.bus.send('one', relayed(n));
      await nextTurn();
    }
    one.bus.send('dead', relayed(1));
    await expect.poll(() => [one.heard.length, two.heard.length]).toEqual([50, 50]);
    const left = async () => {
      const streams = await client.keys('*');
      const dumps = await Promise.all(streams.map(async (key) => JSON.stringify(await client.xRange(key, '-', '+'))));
      return streams.filter((_, index) => dumps[index]?.includes('ice-pwd'));
    };
    await expect.poll(left).toEqual([KEYS.node('dead')]);
    const ttl = await client.pTTL(KEYS.node('dead'));
    expect(ttl).toBeGreaterThan(STREAM_MS - 5_000);
    expect(ttl).toBeLessThanOrEqual(STREAM_MS);
    await client.pExpire(KEYS.node('dead'), 1);
    redis.freeze();
    one.bus.send('two', relayed(51));
    redis.thaw();
    await expect.poll(() => two.heard.length).toBe(51);
    two.stop();
    await expect.poll(() => client.keys('*')).toEqual([KEYS.node('one')]);
    expect(await left()).toEqual([]);
  });

  test('[STORE-11] stop ends at once, and nothing is heard after it, also where another name is taken', async () => {
    const { client, one, two } = await start();
    one.bus.send('two', relayed(1));
    await expect.poll(two.numbers).toEqual([1]);
    two.stop();
    const isBlocked = async () => (await client.info('clients')).match(/blocked_clients:(\d+)/)?.[1];
    await expect.poll(isBlocked).toBe('1');
    const again: NodeMessage[] = [];
    onTestFinished(two.bus.listen('two again', (_from, message) => void again.push(message)));
    one.bus.send('two', relayed(2));
    one.bus.send('two again', relayed(3));
    await expect.poll(() => again).toEqual([relayed(3)]);
    expect(two.numbers()).toEqual([1]);
    two.bus.send('one', relayed(4));
    await expect.poll(() => one.heard).toEqual([['two again', relayed(4)]]);
  });

  test('[STORE-11] whoever stops at a message hears none of those that were read with it', async () => {
    const { one, two } = await start();
    const heard: NodeMessage[] = [];
    const stop = two.bus.listen('three', (_from, message) => {
      heard.push(message);
      stop();
    });
    for (const n of upTo(5)) one.bus.send('three', relayed(n));
    await expect.poll(() => heard).toEqual([relayed(1)]);
    one.bus.send('two', relayed(6));
    await expect.poll(two.numbers).toEqual([6]);
    expect(heard).toEqual([relayed(1)]);
  });

  test('[STORE-11] what cannot be sent for a while comes in order when Redis is back', async () => {
    const { redis, logged, one, two } = await start();
    one.bus.send('two', relayed(1));
    await expect.poll(two.numbers).toEqual([1]);
    await redis.kill();
    for (const n of upTo(1_200).slice(1)) one.bus.send('two', relayed(n));
    await nextTurn();
    await redis.run();
    await expect.poll(() => two.numbers().at(-1), { timeout: 9_000 }).toBe(1_200);
    expect([...new Set(two.numbers())]).toEqual(upTo(1_200));
    expect(logged.map(([level, message]) => [level, message])).toEqual(
      expect.arrayContaining([
        ['warn', 'what other nodes say cannot be read'],
        ['info', 'what other nodes say is read again'],
      ]),
    );
  });

  test('[STORE-11] what failed is sent again, before what came later, for 10 s; then it is dropped, with one warning', async () => {
    const { redis, logged, node, two } = await start();
    const clock = new FakeClock();
    const three = await node('three', clock);
    const fail = async () => {
      await clock.advance(0);
      await clock.advance(ANSWER_MS);
      await clock.advance(100);
    };
    await redis.kill();
    await expect.poll(() => three.client.isReady).toBe(false);
    for (const n of [1, 2, 3]) three.bus.send('two', relayed(n));
    for (let failures = 0; failures < 4; failures += 1) await fail();
    for (const n of [4, 5]) three.bus.send('two', relayed(n));
    await redis.run();
    await expect.poll(two.numbers).toEqual([1, 2, 3, 4, 5]);
    expect(dropped(logged)).toEqual([]);
    await redis.kill();
    await expect.poll(() => three.client.isReady).toBe(false);
    for (const n of [6, 7]) three.bus.send('two', relayed(n));
    for (let failures = 0; failures < 5; failures += 1) await fail();
    three.bus.send('two', relayed(8));
    await fail();
    expect(dropped(logged)).toEqual(['warn']);
    await redis.run();
    await expect.poll(() => two.numbers().at(-1)).toBe(8);
    expect(two.numbers()).toEqual([1, 2, 3, 4, 5, 8]);
  });

  test('[STORE-11] more than 10,000 messages do not wait: the oldest are dropped, with one warning', async () => {
    const { redis, logged, one, two } = await start();
    await redis.kill();
    for (const n of upTo(25_000)) one.bus.send('two', relayed(n));
    await redis.run();
    await expect.poll(() => two.numbers().at(-1), { timeout: 9_000 }).toBe(25_000);
    const numbers = new Set(two.numbers());
    expect(numbers.size).toBeGreaterThanOrEqual(7_500);
    expect(numbers.size).toBeLessThanOrEqual(10_000);
    expect(dropped(logged)).toEqual(['warn']);
    await expect.poll(() => logged.map(([, message]) => message)).toContain('messages to other nodes are sent again');
  });

  test('[STORE-11] a stream that refuses keeps no other receiver waiting, and what is for it is dropped after 10 s', async () => {
    const { client, logged, node, two } = await start();
    const clock = new FakeClock();
    const three = await node('three', clock);
    const startedAt = clock.now();
    await client.set(KEYS.node('poisoned'), 'no stream');
    for (const n of upTo(1_200)) three.bus.send('poisoned', relayed(n));
    for (const n of upTo(50)) {
      three.bus.send('two', relayed(n));
      await nextTurn();
    }
    await expect.poll(two.numbers).toEqual(upTo(50));
    const later = async () => {
      await clock.advance(1_000);
      three.bus.send('two', relayed(51));
      return dropped(logged);
    };
    await expect.poll(later).toEqual(['warn']);
    expect(clock.now() - startedAt).toBeGreaterThan(10_000);
    await client.unlink(KEYS.node('poisoned'));
    const poisoned = await node('poisoned');
    three.bus.send('poisoned', relayed(1));
    await expect.poll(poisoned.numbers).toEqual([1]);
    expect(new Set(two.numbers())).toEqual(new Set(upTo(51)));
  });

  test('[STORE-11] a Redis that was emptied is read on', async () => {
    const { client, one, two } = await start();
    one.bus.send('two', relayed(1));
    await expect.poll(two.numbers).toEqual([1]);
    await client.flushAll();
    one.bus.send('two', relayed(2));
    await expect.poll(two.numbers).toEqual([1, 2]);
  });

  test('[STORE-11] a connection on which nothing comes for 4 s is left for another', async () => {
    const { redis, logged, node, one } = await start();
    const clock = new FakeClock();
    const three = await node('three', clock);
    one.bus.send('three', relayed(1));
    await expect.poll(three.numbers).toEqual([1]);
    redis.freeze();
    await clock.advance(4_000);
    await expect.poll(() => logged.map(([, message]) => message)).toContain('what other nodes say cannot be read');
    redis.thaw();
    await clock.advance(100);
    one.bus.send('three', relayed(2));
    await expect.poll(() => three.numbers().at(-1)).toBe(2);
    expect(logged.at(-1)?.[1]).toBe('what other nodes say is read again');
  });

  test('[NODE-13] 10,000 messages of junk stop nothing, are told without content, and a real one comes in 100 ms', async () => {
    const { client, logged, one, two } = await start();
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', note);
    onTestFinished(() => void process.off('unhandledRejection', note));
    const stream = KEYS.node('two');
    const junk = upTo(10_000).map((n) => junkOf(n));
    for (let start = 0; start < junk.length; start += 500) {
      await Promise.all(junk.slice(start, start + 500).map((fields) => client.xAdd(stream, '*', fields)));
    }
    const sentAt = performance.now();
    one.bus.send('two', { type: 'dismiss_user', userId: 'real', socketIds: [] });
    await expect
      .poll(() => two.heard.some(([, message]) => message.type === 'dismiss_user' && message.userId === 'real'), {
        interval: 2,
      })
      .toBe(true);
    expect(performance.now() - sentAt).toBeLessThan(100);
    await nextTurn();
    expect(unhandled).toEqual([]);
    const errors = logged.filter(([level]) => level === 'error');
    const told = errors.reduce((sum, [, , fields]) => sum + Number(Object(fields).count), 0);
    expect(told).toBeGreaterThan(9_000);
    expect(errors.length).toBeLessThan(10_000);
    expect(JSON.stringify(logged)).not.toMatch(/ice-pwd|v=0|alice/);
  });

  test('[NODE-13] what another schema wrote, and what has the wrong members, is no message', () => {
    expect(readMessage('2 {"type":"visibility_changed"}')).toBeUndefined();
    expect(readMessage(toRecord({ type: 'unheard of' }))).toBeUndefined();
    expect(readMessage(toRecord({ type: 'call', scope: '', call: { ...ringing, rung: 'nobody' } }))).toBeUndefined();
    expect(readMessage(toRecord({ ...relayed(1), n: 0 }))).toBeUndefined();
    expect(readMessage(undefined)).toBeUndefined();
  });
});

/** Random bytes, a real message of which one byte is another, or fields that mean nothing. */
function junkOf(n: number): Record<string, string> {
  const message = EVERY_KIND[n % EVERY_KIND.length] ?? relayed(n);
  const record = toRecord(message);
  if (n % 4 === 0) return { from: 'one', 0: randomBytes(n % 300).toString('latin1') };
  if (n % 4 === 1) return { from: 'one', 0: record.slice(0, record.length - 1 - (n % 20)) };
  if (n % 4 === 2) return { from: 'one', 0: record.replace(/"(\w+)":/, `"${randomBytes(2).toString('hex')}":`) };
  return { [`x${n}`]: record };
}
