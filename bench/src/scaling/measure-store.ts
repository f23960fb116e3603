import { createClient } from 'redis';
import { createRedisStores } from 'signal-core/redis';
import { type RedisProcess, withRedis } from '../processes/redis-process.js';

type Stores = ReturnType<typeof createRedisStores>;
type Session = NonNullable<Parameters<Stores['presence']['swap']>[0]['session']>;

const USERS = 10_000;
const SCOPES = 50;
const ROUNDS = 20;
const FOLLOWERS = 4;
const ALONE = 1_000;

/**
 * Measures what `arithmetic.ts` counts with and the scenario `nodes` does not show: Redis CPU of what goes on anyway, by
 * user and scope, and of one more node that follows who is online, with that node's memory. Prints microseconds and bytes.
 */
await withRedis(undefined, async (redis) => {
  const stores = await connect(redis);
  for (let start = 0; start < USERS; start += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, index) => join(stores, start + index)));
  }
  const users = Array.from({ length: USERS }, (_, index) => idOf(index));
  const compared = await micros(redis, async () => {
    for (let round = 0; round < ROUNDS; round += 1) await stores.in('').calls.liveOf(users);
  });
  const looked = await micros(redis, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      // so many at once as servers ask
      const scopes = Array.from({ length: SCOPES }, (_, scope) => stores.in(`scope-${scope}`).calls);
      await Promise.all(scopes.map((calls) => calls.claimDue(Date.now(), 500)));
    }
  });
  const { leases } = stores.nodes ?? {};
  const alone = async (act: () => Promise<unknown> | undefined) => {
    const all = await micros(redis, async () => {
      for (let n = 0; n < ALONE; n += 1) await act();
    });
    return all / ALONE;
  };
  const asked = await alone(() => leases?.takeTurn(1_000));
  const beat = await alone(() => leases?.beat('a node'));
  const heapBefore = heapBytes();
  const before = { ...(await redis.counts()), own: process.cpuUsage() };
  const followers = await Promise.all(Array.from({ length: FOLLOWERS }, () => follow(redis)));
  const after = await redis.counts();
  const own = process.cpuUsage(before.own);
  const heap = heapBytes() - heapBefore;
  const perSession = FOLLOWERS * USERS;
  const followed = await changes(redis, stores);
  print({
    'Redis CPU of a user compared, µs': compared / ROUNDS / USERS,
    'Redis CPU of a scope looked at, µs': looked / ROUNDS / SCOPES,
    'Redis CPU of a node that asks for the turn, µs': asked,
    'Redis CPU of a beat, µs': beat,
    'Redis CPU of a session read by a node that starts, µs':
      ((after.cpuSeconds - before.cpuSeconds) * 1e6) / perSession,
    'CPU of a session read by a node that starts, µs': (own.user + own.system) / perSession,
    'bytes of it': (after.bytesOut - before.bytesOut) / perSession,
    'memory of a session in a node that follows, bytes': heap / perSession,
    'Redis CPU of a change, with those who follow, µs': followed.micros,
    'bytes from Redis of a change and one who follows': followed.bytesOut / FOLLOWERS,
  });
  for (const { stop } of followers) stop();
  const none = await changes(redis, stores);
  print({
    'Redis CPU of a change that nobody follows, µs': none.micros,
    'Redis CPU of a change for one who follows, µs': (followed.micros - none.micros) / FOLLOWERS,
  });
  process.exit();
});

async function connect(redis: RedisProcess): Promise<Stores> {
  const client = createClient({ socket: { host: '127.0.0.1', port: redis.port } });
  // what fails shows in the figures
  client.on('error', () => {});
  await client.connect();
  return createRedisStores({ client, keyPrefix: 'bench' });
}

/** Follows who is online as a node does, and keeps it. @returns when everybody is known */
async function follow(redis: RedisProcess): Promise<{ stop(): void }> {
  const stores = await connect(redis);
  const sessions = new Map<string, Session>();
  return new Promise((resolve) => {
    const stop = stores.presence.subscribe(
      ({ device, session }) => (session === undefined ? sessions.delete(device) : sessions.set(device, session)),
      (all) => {
        for (const session of all) sessions.set(session.device, session);
        resolve({ stop });
      },
    );
  });
}

/** 1,000 changes, 20 a turn. @returns Redis CPU, and bytes, of one */
async function changes(redis: RedisProcess, stores: Stores) {
  const before = await redis.counts();
  for (let start = 0; start < 1_000; start += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, index) => join(stores, USERS + start + index)));
    await Promise.all(Array.from({ length: 20 }, (_, index) => leave(stores, USERS + start + index)));
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  const after = await redis.counts();
  return {
    micros: ((after.cpuSeconds - before.cpuSeconds) * 1e6) / 2_000,
    bytesOut: (after.bytesOut - before.bytesOut) / 2_000,
  };
}

async function join(stores: Stores, number: number): Promise<void> {
  const session = sessionOf(number);
  if (!(await stores.presence.swap({ device: session.device, session }, undefined))) throw new Error('not written');
}

async function leave(stores: Stores, number: number): Promise<void> {
  const { device, socketId } = sessionOf(number);
  if (!(await stores.presence.swap({ device, session: undefined }, socketId))) throw new Error('not written');
}

async function micros(redis: RedisProcess, act: () => Promise<unknown>): Promise<number> {
  const before = await redis.counts();
  await act();
  return ((await redis.counts()).cpuSeconds - before.cpuSeconds) * 1e6;
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** As one of an Android phone: what is told of a device is not short. */
function sessionOf(number: number): Session {
  const id = idOf(number);
  return {
    device: `${id}/d-${id}`,
    user: { id, username: `user-${number}` },
    socketId: `socket-${number}`.padEnd(20, 'x'),
    legacy: false,
    userAgent:
      'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile',
    features: ['ice_batch', 'early_candidates', 'resume'],
    scope: '',
    node: 'a0000000-0000-4000-8000-000000000000',
  };
}

function print(figures: Record<string, number>): void {
  for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name}: ${value.toFixed(2)}\n`);
}
