import { FakeClock } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { isLive, type LiveCall } from '../../src/domain/call.ts';
import type { CallStore } from '../../src/stores/call-store.ts';
import { RedisKeys } from '../../src/stores/redis/keys.ts';
import { RedisCallStore } from '../../src/stores/redis/redis-call-store.ts';
import { ANSWER_MS, RedisLink } from '../../src/stores/redis/redis-link.ts';
import {
  alice,
  bob,
  carol,
  changing,
  placing,
  ringingIn,
  sampleActive,
  sampleEnded,
  sampleRinging,
} from '../../src/testing/sample-calls.ts';
import { scaled } from '../domain/scale.ts';
import { describeOnRedis, type RedisConnection, RedisProcess } from './redis-process.ts';

const KEYS = new RedisKeys('test').in('a scope');

async function start(options?: { keeps: boolean }) {
  const redis = await RedisProcess.start(options);
  onTestFinished(() => redis.stop());
  const clock = new FakeClock();
  const connect = async () => {
    const client = await redis.connect();
    return { client, store: new RedisCallStore(new RedisLink(client, clock), KEYS) };
  };
  return { redis, clock, connect, ...(await connect()) };
}

/** Waits until the client is back. */
async function isBack(client: RedisConnection): Promise<void> {
  await expect.poll(() => client.ping().catch(() => undefined), { timeout: 5_000 }).toBe('PONG');
}

/** Both users of a live call have it on their lines, no line has another one, and no call is forgotten by time. */
async function expectWhole(store: CallStore, client: RedisConnection): Promise<LiveCall[]> {
  const live = await store.live();
  const lines = await client.hKeys(KEYS.lines);
  const onLines = await Promise.all(
    lines.map(async (user) => (await store.line(user)).calls.map(({ id }) => [user, id])),
  );
  const expected = live.flatMap(({ id, from, to }) => [from, to].map((user) => [user.id, id]));
  expect(onLines.flat().toSorted()).toEqual(expected.toSorted());
  for (const id of await client.hKeys(KEYS.calls)) {
    const call = await store.get(id);
    const isDue = (await client.zScore(KEYS.due, id)) !== null;
    const isEnded = (await client.zScore(KEYS.ended, id)) !== null;
    expect({ id, isDue, isEnded }).toEqual({ id, isDue: call && isLive(call), isEnded: call?.status === 'ended' });
  }
  return live;
}

describeOnRedis('faults of Redis', () => {
  test('[STORE-7] a Redis that does not answer fails what was asked after 2 s, and works when it is back', async () => {
    const { redis, clock, client, store } = await start();
    await ringingIn(() => store, sampleRinging('c1'));
    redis.freeze();
    const asked = [store.get('c1'), store.line('alice'), store.claimDue(0, 1), store.live(), store.countLive()];
    const failed = Promise.allSettled(asked);
    await clock.advance(ANSWER_MS - 1);
    const early = await Promise.race([failed, clock.advance(0)]);
    expect(early).toBeUndefined();
    await clock.advance(1);
    expect((await failed).map(({ status }) => status)).toEqual(asked.map(() => 'rejected'));
    await expect(asked[0]).rejects.toThrow('Redis did not answer in 2000 ms');
    redis.thaw();
    await isBack(client);
    expect(await store.countLive()).toBe(1);
    expect(clock.pending).toBe(0);
  });

  test('[STORE-7] what could not be sent in time never is: no commit comes true after it failed', async () => {
    const { redis, clock, client, store } = await start({ keeps: true });
    const placed = await placing(store, sampleRinging('ghost'));
    await redis.kill();
    await expect.poll(() => client.isReady).toBe(false);
    const failed = expect(store.commit(placed)).rejects.toThrow();
    await clock.advance(ANSWER_MS);
    await failed;
    await redis.run();
    await isBack(client);
    expect(await store.get('ghost')).toBeUndefined();
  });

  test('[STORE-7] a connection that is lost fails what was under way, and ends no process', async () => {
    const { redis, clock, client, store } = await start();
    redis.freeze();
    const asked = expect(store.countLive()).rejects.toThrow();
    // it is sent in the next turn
    await clock.advance(0);
    await redis.kill();
    await asked;
    await redis.run();
    await isBack(client);
    expect(await store.countLive()).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test('[STORE-7] scripts that Redis forgot are sent again: after a flush, and after a restart', async () => {
    const { redis, client, store } = await start({ keeps: true });
    const ringing = sampleRinging('c1');
    await ringingIn(() => store, ringing);
    await client.scriptFlush();
    expect(await store.commit(changing(sampleActive(ringing)))).toBe(true);
    await redis.kill();
    await redis.run();
    await isBack(client);
    expect((await store.line(alice.id)).calls).toEqual([sampleActive(ringing)]);
    expect(await store.commit(changing(sampleEnded(sampleActive(ringing))))).toBe(true);
    await expectWhole(store, client);
  });

  test('[STORE-7] a script is sent once, and from then on by its name', async () => {
    const { client, store } = await start();
    for (let n = 0; n < 10; n += 1) await store.line(alice.id);
    const stats = await client.info('commandstats');
    expect(stats).toMatch(/cmdstat_eval:calls=1,/);
    expect(stats).toMatch(/cmdstat_evalsha:calls=10,/);
  });

  test('[STORE-8] a Redis that is full writes nothing, not half', async () => {
    const { client, store } = await start();
    const old = sampleRinging('old');
    await ringingIn(() => store, old);
    const placed = await placing(store, sampleRinging('next', { to: carol }));
    const commit = { ...placed, calls: [...changing(sampleEnded(old)).calls, ...placed.calls] };
    await client.configSet('maxmemory', '1');
    await expect(store.commit(commit)).rejects.toThrow('OOM');
    await client.configSet('maxmemory', '0');
    expect(await expectWhole(store, client)).toEqual([old]);
    expect(await store.commit(commit)).toBe(true);
    expect((await store.line(bob.id)).calls).toEqual([]);
    await expectWhole(store, client);
  });

  test('[STORE-8] a Redis that is killed while nodes commit has whole commits only, and all that it answered', async () => {
    const { redis, connect, ...first } = await start({ keeps: true });
    const nodes = [first, await connect(), await connect()];
    for (let round = 0; round < scaled(3, 30); round += 1) {
      const answered = new Map<string, number>();
      let [isRunning, written] = [true, 0];
      const churning = nodes.map(async ({ store }, node) => {
        for (let n = 0; isRunning; n += 1) {
          const [a, b] = [`a${n % 7}`, `b${n % 5}`].map((id) => ({ id, username: id }));
          const ringing = sampleRinging(`${round}-${node}-${n}`, { ...(a && { from: a }), ...(b && { to: b }) });
          const steps = [
            placing(store, ringing),
            changing(sampleActive(ringing)),
            changing(sampleEnded(sampleActive(ringing))),
          ];
          for (const [index, step] of steps.slice(0, 1 + (n % 3)).entries()) {
            if (!(await store.commit(await step))) break;
            answered.set(ringing.id, index + 1);
            written += 1;
            if (written === 200) await redis.kill();
          }
        }
      });
      const isOver = Promise.allSettled(churning);
      await expect.poll(() => nodes.every(({ client }) => !client.isReady), { timeout: 20_000 }).toBe(true);
      isRunning = false;
      await redis.run();
      await Promise.all(nodes.map(({ client }) => isBack(client)));
      await isOver;
      await expectWhole(first.store, first.client);
      for (const [id, version] of answered) {
        expect((await first.store.get(id))?.version ?? 0, id).toBeGreaterThanOrEqual(version);
      }
      await first.client.flushDb();
    }
  }, 300_000);
});
