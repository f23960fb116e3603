import {
  type Contract,
  callStoreContract,
  rateLimitStoreContract,
  restoreStoreContract,
  revocationStoreContract,
  scopesContract,
  userDirectoryContract,
} from 'signal-core/testing';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { deviceKey } from '../../src/domain/ids.ts';
import { silentLogger } from '../../src/log.ts';
import { KEY_TABLE, RedisKeys } from '../../src/stores/redis/keys.ts';
import { fromRecord, toRecord } from '../../src/stores/redis/record.ts';
import { RedisCallStore } from '../../src/stores/redis/redis-call-store.ts';
import { RedisLink } from '../../src/stores/redis/redis-link.ts';
import { RedisNodeBus } from '../../src/stores/redis/redis-node-bus.ts';
import { RedisNodeLeases } from '../../src/stores/redis/redis-node-leases.ts';
import { RedisPresenceStore } from '../../src/stores/redis/redis-presence-store.ts';
import { RedisRateLimitStore } from '../../src/stores/redis/redis-rate-limit-store.ts';
import { RedisRestoreStore } from '../../src/stores/redis/redis-restore-store.ts';
import { RedisRevocationStore } from '../../src/stores/redis/redis-revocation-store.ts';
import { redisScopes } from '../../src/stores/redis/redis-scopes.ts';
import { RedisUserDirectory } from '../../src/stores/redis/redis-user-directory.ts';
import { alice, placing, SAMPLE_TIME, sampleEnded, sampleRinging } from '../../src/testing/sample-calls.ts';
import {
  describeOnRedis,
  isRedisProvided,
  isRedisSkipped,
  type RedisConnection,
  sharedRedis,
} from './redis-process.ts';

test.skipIf(isRedisSkipped)('[STORE-8] where CI=true there is a Redis', () => {
  expect(isRedisProvided).toBe(true);
});

describeOnRedis('on Redis', () => {
  const redis = sharedRedis();
  let client: RedisConnection;
  let prefixes = 0;
  beforeAll(async () => {
    client = await redis().connect();
  });

  const link = () => new RedisLink(client);
  /** A prefix that nobody used before: an empty store. */
  function newKeys(): RedisKeys {
    prefixes += 1;
    return new RedisKeys(`test ${prefixes}`);
  }
  function holds<Store>(contract: Contract<Store>, createStore: () => Store): void {
    for (const { name, run } of contract) test(name, () => run(createStore));
  }

  describe('RedisCallStore', () => holds(callStoreContract, () => new RedisCallStore(link(), newKeys().in(''))));
  describe('the scopes', () => holds(scopesContract, () => redisScopes(link(), newKeys())));
  describe('RedisRateLimitStore', () =>
    holds(rateLimitStoreContract, () => new RedisRateLimitStore(link(), newKeys())));
  describe('RedisRestoreStore', () =>
    holds(restoreStoreContract, () => new RedisRestoreStore(link(), newKeys().in(''))));
  describe('RedisRevocationStore', () =>
    holds(revocationStoreContract, () => new RedisRevocationStore(link(), newKeys())));
  describe('RedisUserDirectory', () => holds(userDirectoryContract, () => new RedisUserDirectory(link(), newKeys())));

  test('[STORE-1] what a call holds is read as it was written, to the last character', async () => {
    const store = new RedisCallStore(link(), newKeys().in(''));
    const call = {
      ...sampleRinging('c1'),
      from: { id: 'a b"\\{}', username: '\ud800 \u2028 😀 \n' },
      metadata: { nested: [null, 0.1, 1e300, '', {}, []], ключ: 'значение' },
    };
    expect(await store.commit(await placing(store, call))).toBe(true);
    expect(await store.get('c1')).toEqual(call);
    expect((await store.line(call.from.id)).calls).toEqual([call]);
  });

  test('[STORE-2] a line does not get an old version again when Redis was emptied', async () => {
    const [keys, versions] = [newKeys().in(''), new Set<number>()];
    const store = new RedisCallStore(link(), keys);
    for (let n = 0; n < 5; n += 1) {
      await store.commit(await placing(store, sampleRinging('c1')));
      versions.add((await store.line(alice.id)).version);
      await client.del([keys.calls, keys.due, keys.lines, keys.lineVersion]);
    }
    expect(versions.size).toBe(5);
  });

  test('[STORE-10] a scope is listed again when Redis was emptied', async () => {
    const keys = newKeys();
    const { scopes, ...stores } = redisScopes(link(), keys);
    const { calls } = stores.in('red');
    await calls.commit(await placing(calls, sampleRinging('c1')));
    const own = keys.in('red');
    await client.del([keys.scopes, own.calls, own.due, own.lines, own.lineVersion]);
    expect(await scopes()).toEqual([]);
    expect(await calls.commit(await placing(calls, sampleRinging('c1')))).toBe(true);
    expect(await scopes()).toEqual(['red']);
  });

  test('[STORE-10] a scope without calls is forgotten, unless somebody has listed it in the last minute', async () => {
    const keys = newKeys();
    const { scopes, ...stores } = redisScopes(link(), keys);
    const { calls } = stores.in('red');
    const over = sampleRinging('over');
    await calls.commit(await placing(calls, over));
    await client.zAdd(keys.scopes, { score: 0, value: 'red' });
    await calls.commit({ calls: [{ call: sampleEnded(over), expectedVersion: 1 }], lines: [] });
    await calls.claimDue(SAMPLE_TIME + 2_000, 10);
    expect(await scopes()).toEqual(['red']);
    // somebody else is about to write
    await client.zAdd(keys.scopes, { score: Date.now() / 1_000 - 50, value: 'red' });
    await calls.claimDue(SAMPLE_TIME + 122_001, 10);
    expect(await scopes()).toEqual(['red']);
    await client.zAdd(keys.scopes, { score: Date.now() / 1_000 - 61, value: 'red' });
    await calls.claimDue(SAMPLE_TIME + 122_001, 10);
    expect(await client.keys(`{test ${prefixes}:*`)).toEqual([]);
    expect(await calls.commit(await placing(calls, sampleRinging('c1')))).toBe(true);
    expect(await scopes()).toEqual(['red']);
  });

  test('[STORE-10] an old commit is refused also where the scope was forgotten', async () => {
    const keys = newKeys();
    const { calls } = redisScopes(link(), keys).in('red');
    const late = await placing(calls, sampleRinging('late'));
    await calls.commit(await placing(calls, sampleRinging('c1')));
    expect(await calls.commit(late)).toBe(false);
  });

  test('[STORE-2] the live calls of more users than one answer holds are told, each once', async () => {
    const store = new RedisCallStore(link(), newKeys().in(''));
    const users = Array.from({ length: 1_002 }, (_, n) => ({ id: `user ${n}`, username: 'User' }));
    const placed = users.flatMap((from, n) => {
      const to = users[n + 501];
      return to === undefined ? [] : [sampleRinging(`c${n}`, { from, to })];
    });
    await Promise.all(placed.map((call) => store.commit({ calls: [{ call, expectedVersion: 0 }], lines: [] })));
    const found = await store.liveOf(users.map(({ id }) => id));
    expect(found.map(({ id }) => id).toSorted()).toEqual(placed.map(({ id }) => id).toSorted());
  });

  test('[STORE-4] more live calls than one answer holds are listed, each once', async () => {
    const store = new RedisCallStore(link(), newKeys().in(''));
    const ids = Array.from({ length: 1_201 }, (_, n) => `c${n}`);
    const from = (id: string) => ({ id: `caller of ${id}`, username: 'Caller' });
    const placed = ids.map((id) => sampleRinging(id, { from: from(id), to: { id: `callee of ${id}`, username: 'C' } }));
    await Promise.all(placed.map((call) => store.commit({ calls: [{ call, expectedVersion: 0 }], lines: [] })));
    expect(await store.countLive()).toBe(1_201);
    expect((await store.live()).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  });

  test('[REST-5] the longest unseen of too many users makes room for the next', async () => {
    const users = new RedisUserDirectory(link(), newKeys(), 3);
    const remember = (id: string, at: number) => users.remember({ id, username: id }, at);
    for (const [at, id] of ['a', 'b', 'c', 'a', 'd'].entries()) await remember(id, at);
    expect((await users.list()).map(({ id }) => id).toSorted()).toEqual(['a', 'c', 'd']);
  });

  test('[STORE-13] of too many revocations the oldest are forgotten', async () => {
    const store = new RedisRevocationStore(link(), newKeys(), 3);
    await store.add([{ jti: 'a' }, { jti: 'b' }, { userId: 'ann', issuedBefore: 1 }]);
    await store.add([{ userId: 'ann', issuedBefore: 2 }, { jti: 'c' }]);
    expect(await store.of('nobody', 'a')).toEqual([]);
    const { revocations } = await store.since(0);
    expect(revocations).toEqual([{ jti: 'b' }, { userId: 'ann', issuedBefore: 2 }, { jti: 'c' }]);
  });

  test('[STORE-13] a revocation comes after all others, also when the clock of Redis went back', async () => {
    const keys = newKeys();
    const store = new RedisRevocationStore(link(), keys);
    await store.add([{ jti: 'a' }]);
    const anHourAhead = Date.now() * 1_000 + 3_600_000_000;
    await client.zAdd(keys.revokedOrder, { score: anHourAhead, value: 'jti a' });
    const { cursor } = await store.since(0);
    expect(cursor).toBe(anHourAhead);
    await store.add([{ jti: 'b' }]);
    expect((await store.since(cursor)).revocations).toEqual([{ jti: 'b' }]);
  });

  test('[REST-5] more users than one answer holds are listed, each once', async () => {
    const users = new RedisUserDirectory(link(), newKeys());
    const ids = Array.from({ length: 2_500 }, (_, n) => `user ${n}`);
    await Promise.all(ids.map((id) => users.remember({ id, username: id }, 0)));
    expect((await users.list()).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  });

  test('[STORE-9] what is in Redis is in the table of keys, with its type, and goes by itself where that says so', async () => {
    const keys = newKeys();
    const scope = keys.in('Ä {1}');
    const calls = new RedisCallStore(link(), scope);
    const over = sampleRinging('over');
    await calls.commit(await placing(calls, over));
    await calls.commit({ calls: [{ call: sampleEnded(over), expectedVersion: 1 }], lines: [] });
    await calls.commit(await placing(calls, sampleRinging('c1')));
    await new RedisUserDirectory(link(), keys).remember(alice, 0);
    await new RedisRateLimitStore(link(), keys).take('login', { perMinute: 60, burst: 1 }, 0);
    await new RedisRevocationStore(link(), keys).add([{ jti: 'one' }]);
    const claim = { callId: 'c', device: 'alice/phone', user: alice, peer: 'bob', scope: '' } as const;
    await new RedisRestoreStore(link(), scope).file({ ...claim, role: 'caller', callType: 'video' }, 0, 15_000);

    const bus = new RedisNodeBus({ client, link: link(), keys, clock: systemClock, log: silentLogger });
    onTestFinished(bus.listen('one', () => {}));
    bus.send('two', { type: 'visibility_changed' });
    await expect.poll(() => client.exists(keys.node('two'))).toBe(1);
    const parts = { client, link: link(), keys, clock: systemClock, log: silentLogger };
    const phone = deviceKey('alice', 'phone');
    const session = { device: phone, user: alice, socketId: 's', legacy: true, userAgent: '', features: [], scope: '' };
    await new RedisPresenceStore(parts).swap({ device: phone, session: { ...session, node: 'one' } }, undefined);
    const leases = new RedisNodeLeases(link(), keys);
    for (const node of ['one', 'two', 'three']) await leases.beat(node);
    for (const node of ['two', 'three']) await leases.leave(node);
    for (const node of ['two', 'three']) expect(await leases.claim(node, 'one')).toBe('left');
    await leases.buried('three');
    await leases.takeTurn(60_000);

    const found = (await client.keys(`*test ${prefixes}:*`)).toSorted();
    const tag = `{test ${prefixes}:%C3%84%20%7B1%7D}`;
    const byName = [
      ...['calls', 'due', 'ended', 'lines', 'line-version'].map((name) => `${tag}:${name}`),
      ...[
        'users',
        'seen',
        'scopes',
        'revoked',
        'revoked-order',
        'sessions',
        'presence',
        'presence-seq',
        'nodes',
        'burials',
        'dead',
        'turn',
        'memory',
      ].map((name) => `{test ${prefixes}:}:${name}`),
      `{test ${prefixes}:}:held:one`,
      `${tag}:claims:alice`,
      `test ${prefixes}:rate:login`,
      `{test ${prefixes}:}:node:two`,
    ];
    expect(found).toEqual(byName.toSorted());
    for (const [name, kind] of Object.entries(KEY_TABLE)) {
      const key = byName.find((each) =>
        each
          .replace(/^\{.*\}|^test \d+/, '')
          .concat(':')
          .startsWith(`:${name}:`),
      );
      expect(await client.type(key ?? '')).toBe(kind.type);
      expect((await client.pTTL(key ?? '')) > 0, name).toBe('expires' in kind);
    }
    expect(await client.pTTL(scope.claims('alice'))).toBeLessThanOrEqual(75_000);
    expect(await client.pTTL(keys.rate('login'))).toBeLessThanOrEqual(61_000);
  });

  test('[STORE-9] a call of another schema is refused, and its content is in no error', async () => {
    const keys = newKeys().in('');
    const store = new RedisCallStore(link(), keys);
    for (const record of ['2 {"sdp":"secret"}', '1 secret', 'secret', '']) {
      await client.hSet(keys.calls, 'c1', `1 ringing ${record}`);
      await expect(store.get('c1')).rejects.toThrow(/^(?!.*secret).*stored value/);
    }
  });
});

test('[STORE-9] a reader keeps what a later release added', () => {
  expect(fromRecord(toRecord({ id: 'c1', added: 1 }))).toEqual({ id: 'c1', added: 1 });
});

test.each(['', '{', 'a}b'])('[STORE-9] %j is no prefix of keys', (prefix) => {
  expect(() => new RedisKeys(prefix)).toThrow(TypeError);
});
