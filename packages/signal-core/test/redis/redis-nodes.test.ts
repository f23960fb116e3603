import { setTimeout as pause } from 'node:timers/promises';
import { type NodesStage, nodesContract, presenceStoreContract } from 'signal-core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { type DeviceKey, deviceKey, userOf } from '../../src/domain/ids.ts';
import type { Session } from '../../src/domain/session.ts';
import { silentLogger } from '../../src/log.ts';
import { createMemoryStores } from '../../src/stores/memory/memory-stores.ts';
import { RedisKeys } from '../../src/stores/redis/keys.ts';
import { toRecord } from '../../src/stores/redis/record.ts';
import type { RedisClient } from '../../src/stores/redis/redis-client.ts';
import { RedisLink } from '../../src/stores/redis/redis-link.ts';
import { RedisNodeBus } from '../../src/stores/redis/redis-node-bus.ts';
import { RedisNodeLeases } from '../../src/stores/redis/redis-node-leases.ts';
import { RedisPresenceStore } from '../../src/stores/redis/redis-presence-store.ts';
import { describeOnRedis, type RedisConnection, sharedRedis } from './redis-process.ts';

function session(device: DeviceKey, change: Partial<Session> = {}): Session {
  const user = { id: userOf(device), username: userOf(device) };
  return { device, user, socketId: 's1', legacy: false, userAgent: '', features: [], scope: '', ...change };
}

describeOnRedis('nodes on Redis', () => {
  const redis = sharedRedis();
  let client: RedisConnection;
  let secondClient: RedisConnection;
  let prefixes = 0;
  const stops: (() => void)[] = [];
  beforeAll(async () => {
    client = await redis().connect();
    secondClient = await redis().connect();
  });
  afterAll(() => {
    for (const stop of stops) stop();
  });

  function newKeys(): RedisKeys {
    prefixes += 1;
    return new RedisKeys(`nodes ${prefixes}`);
  }

  function presence(keys: RedisKeys, through: RedisClient = client): RedisPresenceStore {
    const store = new RedisPresenceStore({
      client: through,
      link: new RedisLink(through),
      keys,
      clock: systemClock,
      log: silentLogger,
    });
    const subscribe = store.subscribe.bind(store);
    // what the contract does not stop must not outlive it
    store.subscribe = (...listeners) => {
      const stop = subscribe(...listeners);
      stops.push(stop);
      return stop;
    };
    return store;
  }

  function stage(): NodesStage {
    const keys = newKeys();
    const parts = { client, link: new RedisLink(client), keys, clock: systemClock, log: silentLogger };
    return {
      join() {
        const store = presence(keys);
        const sessionsOf = (node: string) => store.heldBy(node);
        const nodes = { bus: new RedisNodeBus(parts), leases: new RedisNodeLeases(parts.link, keys), sessionsOf };
        return { ...createMemoryStores(), presence: store, nodes };
      },
      wait: (ms) => pause(ms),
    };
  }

  describe('RedisPresenceStore', () => {
    for (const { name, run } of presenceStoreContract) test(name, () => run(() => presence(newKeys())));
  });

  describe.concurrent('what nodes have in common', () => {
    for (const { name, run } of nodesContract) test(name, { timeout: 60_000 }, () => run(stage));
  });

  test('[NODE-14] whoever follows hears of every change, whatever happens to Redis, or of everything anew', async () => {
    const keys = newKeys();
    const [store, other] = [presence(keys), presence(keys)];
    const there = new Map<DeviceKey, Session>();
    let resets = 0;
    store.subscribe(
      ({ device, session }) => (session === undefined ? there.delete(device) : there.set(device, session)),
      (sessions) => {
        there.clear();
        for (const each of sessions) there.set(each.device, each);
        resets += 1;
      },
    );
    const [laptop, phone] = [deviceKey('alice', 'laptop'), deviceKey('bob', 'phone')];
    await other.swap({ device: laptop, session: session(laptop) }, undefined);
    await expect.poll(() => [...there.keys()]).toEqual([laptop]);
    await client.del([keys.sessions, keys.presence, keys.presenceSeq]);
    // nobody writes: it is found all the same
    await expect.poll(() => [...there.keys()], { timeout: 10_000 }).toEqual([]);
    await other.swap({ device: phone, session: session(phone) }, undefined);
    await expect.poll(() => [...there.keys()]).toEqual([phone]);
    const before = resets;
    // a change that is not in the stream
    await client.multi().hDel(keys.sessions, 'bob').incr(keys.presenceSeq).exec();
    await other.swap({ device: laptop, session: session(laptop) }, undefined);
    await expect.poll(() => [...there.keys()]).toEqual([laptop]);
    expect(resets).toBe(before + 1);
    // all is lost, and the clock is an earlier one: what is written is where nobody reads
    const far = { n: String(await client.incr(keys.presenceSeq)), device: phone, session: toRecord(session(phone)) };
    await client.xAdd(keys.presence, `${Date.now() + 1_000_000}-0`, far);
    await expect.poll(() => [...there.keys()]).toEqual([laptop, phone]);
    await client.del([keys.sessions, keys.presence, keys.presenceSeq]);
    await other.swap({ device: laptop, session: session(laptop) }, undefined);
    await expect.poll(() => [...there.keys()], { timeout: 10_000 }).toEqual([laptop]);
  });

  test('[NODE-14] a change that was not kept for as long as all sessions are read is not missed', async () => {
    const keys = newKeys();
    const other = presence(keys);
    const [laptop, phone] = [deviceKey('alice', 'laptop'), deviceKey('bob', 'phone')];
    await other.swap({ device: phone, session: session(phone) }, undefined);
    let reads = 0;
    const changing: RedisClient = {
      duplicate: () => client.duplicate(),
      withCommandOptions(options) {
        const commands = client.withCommandOptions(options);
        const hScan: typeof commands.hScan = async (...args) => {
          const page = await commands.hScan(...args);
          reads += 1;
          if (reads > 1) return page;
          await other.swap({ device: phone, session: undefined }, 's1');
          await client.xTrim(keys.presence, 'MAXLEN', 0);
          await other.swap({ device: laptop, session: session(laptop) }, undefined);
          return page;
        };
        return Object.assign(Object.create(commands), { hScan });
      },
    };
    const told = await new Promise<Session[]>((resolve) => {
      presence(keys, changing).subscribe(() => {}, resolve);
    });
    expect(told.map(({ device }) => device)).toEqual([laptop]);
    expect(reads).toBe(2);
  });

  test('[STORE-9] of a session that has moved, or is gone, nothing stays where it was', async () => {
    const keys = newKeys();
    const store = presence(keys);
    const laptop = deviceKey('alice', 'laptop');
    await store.swap({ device: laptop, session: session(laptop, { node: 'one' }) }, undefined);
    await store.swap({ device: laptop, session: session(laptop, { node: 'two' }) }, 's1');
    expect(await client.exists([keys.held('one'), keys.held('two')])).toBe(1);
    expect(await client.sMembers(keys.held('two'))).toEqual([laptop]);
    await store.swap({ device: laptop, session: undefined }, 's1');
    expect(await client.exists([keys.held('two'), keys.sessions])).toBe(0);
  });

  test('[STORE-1] of two that take a device over at once, a thousand times, one does', async () => {
    const keys = newKeys();
    const [one, other] = [presence(keys), presence(keys, secondClient)];
    const laptop = deviceKey('alice', 'laptop');
    let current: string | undefined;
    for (let n = 0; n < 1_000; n += 1) {
      const swap = (store: RedisPresenceStore, socketId: string) =>
        store.swap({ device: laptop, session: session(laptop, { socketId }) }, current);
      const won = await Promise.all([swap(one, `one ${n}`), swap(other, `other ${n}`)]);
      expect(won.filter(Boolean).length).toBe(1);
      current = won[0] ? `one ${n}` : `other ${n}`;
    }
    expect((await one.sessionsOf('alice')).map(({ socketId }) => socketId)).toEqual([current]);
  });
});
