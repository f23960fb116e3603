import { io, type Socket } from 'socket.io-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { describeOnRedis, RedisProcess } from '../../signal-core/test/redis/redis-process.ts';
import { createStandaloneServer } from '../src/create-standalone-server.ts';
import { type RunOptions, run, type ServerProcess } from './server-process.ts';

async function startRedis() {
  const redis = await RedisProcess.start();
  onTestFinished(() => redis.stop());
  return { redis, url: `redis://127.0.0.1:${redis.port}` };
}

/** A server on Redis; what it says is in its lines. */
async function start(url: string, args: string[] = [], options: RunOptions = {}) {
  const server = run(['--port', '0', ...args], { ...options, env: { REDIS_URL: url, ...options.env } });
  const line = await server.line('listening');
  return { server, at: String(line.url) };
}

async function join(at: string, id: string): Promise<Socket> {
  const socket = io(at, { transports: ['websocket'], reconnection: false, forceNew: true });
  onTestFinished(() => {
    socket.close();
  });
  const joined = received(socket, 'join_success');
  socket.emit('join', { id, username: id });
  await joined;
  return socket;
}

function received(socket: Socket, event: string): Promise<unknown> {
  return new Promise((resolve) => socket.once(event, resolve));
}

async function probe(at: string, path: string): Promise<[number, unknown]> {
  const response = await fetch(`${at}${path}`);
  return [response.status, await response.json()];
}

function stop({ child, ended }: ServerProcess): { ended: Promise<{ code: number | null; ms: number }> } {
  const startedAt = performance.now();
  child.kill('SIGTERM');
  return { ended: ended.then(({ code }) => ({ code, ms: performance.now() - startedAt })) };
}

/** Runs to the end what cannot start. */
async function failed(url: string) {
  const startedAt = performance.now();
  const { code, stdout, stderr } = await run(['--port', '0'], { env: { REDIS_URL: url } }).ended;
  expect(code).toBe(1);
  expect(stdout + stderr).not.toContain('hunter2');
  expect(stderr).toMatch(/^signal-server: [^\n]+\n$/);
  return { stderr, ms: performance.now() - startedAt };
}

describe('without Redis', () => {
  test('[SRV-24] a server that listens is alive and ready, and says so without being asked for details', async () => {
    const server = run(['--port', '0']);
    const at = String((await server.line('listening')).url);
    expect(await probe(at, '/livez')).toEqual([200, { status: 'alive' }]);
    expect(await probe(at, '/readyz')).toEqual([200, { status: 'ready' }]);
    const { headers } = await fetch(`${at}/readyz`);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('[SRV-23] a password of Redis is shown by nobody', async () => {
    const flags = ['--print-config', '--redis-url', 'rediss://user:hunter2@redis.example:6380/2'];
    const { stdout } = await run(flags).ended;
    expect(JSON.parse(stdout).redisUrl).toEqual({
      value: 'rediss://…@redis.example:6380/2',
      source: 'flag --redis-url',
    });
    for (const url of [
      'redis://:hun"ter2 @redis.example/x',
      'redis:/:hunter2@redis.example',
      ':hunter2@redis.example',
    ]) {
      const { code, stderr } = await run([], { env: { REDIS_URL: url } }).ended;
      expect(code).toBe(2);
      expect(stderr).toMatch(/^signal-server: REDIS_URL: "[^\n]*…@redis\.example(\/x)?" must be a redis:\/\/ /);
      expect(stderr).not.toMatch(/hun|ter2/);
    }
  });

  test('[SRV-23] a Redis that is not there: one line that says what to do, exit 1, within seconds', async () => {
    const { stderr, ms } = await failed('redis://:hunter2@127.0.0.1:1');
    expect(stderr).toContain('Redis at redis://…@127.0.0.1:1 cannot be reached (connect ECONNREFUSED 127.0.0.1:1)');
    expect(stderr).toContain('--redis-url (or REDIS_URL)');
    expect(ms).toBeGreaterThan(5_000);
    expect(ms).toBeLessThan(15_000);
  });
});

describeOnRedis('on Redis', () => {
  test('[SRV-23] a Redis that refuses the password: the same, at once', async () => {
    const { redis } = await startRedis();
    await (await redis.connect()).configSet('requirepass', 'another');
    const { stderr, ms } = await failed(`redis://:hunter2@127.0.0.1:${redis.port}`);
    expect(stderr).toContain('WRONGPASS');
    expect(ms).toBeLessThan(4_500);
  });

  test('[SRV-23] servers with one Redis and one prefix share who is online; another prefix is another-world', async () => {
    const { redis, url } = await startRedis();
    const [one, two, other] = await Promise.all([
      start(url),
      start(url),
      start(url, ['--redis-prefix', 'another-world']),
    ]);
    await Promise.all([join(one.at, 'alice'), join(two.at, 'bob'), join(other.at, 'carol')]);
    const online = async (at: string) => {
      const list = (await (await fetch(`${at}/api/online-users`)).json()) as { id: string }[];
      return list.map(({ id }) => id).toSorted();
    };
    for (const { at } of [one, two]) await expect.poll(() => online(at)).toEqual(['alice', 'bob']);
    expect(await online(other.at)).toEqual(['carol']);
    const keys = await (await redis.connect()).keys('*');
    expect(keys.filter((key) => !/^\{?(signal|another-world):/.test(key))).toEqual([]);
  });

  test('[SRV-24] while it stops, a server is alive and not ready; clients are told, and left alone first', async () => {
    const { url } = await startRedis();
    const { server, at } = await start(url, ['--drain', '1s']);
    await expect.poll(() => probe(at, '/readyz')).toEqual([200, { status: 'ready' }]);
    const alice = await join(at, 'alice');
    const told = received(alice, 'server_draining');
    const gone = received(alice, 'disconnect');
    const { ended } = stop(server);
    expect(await told).toEqual({ reconnectAfterMs: 0 });
    expect(await probe(at, '/readyz')).toEqual([503, { status: 'draining' }]);
    expect(await probe(at, '/livez')).toEqual([200, { status: 'alive' }]);
    expect(await gone).toMatch(/^transport/);
    const { code, ms } = await ended;
    expect(code).toBe(0);
    expect(ms).toBeGreaterThan(1_000);
    expect(ms).toBeLessThan(13_000);
  });

  test('[SRV-25] without connections it stops at once', async () => {
    const { url } = await startRedis();
    const { server } = await start(url);
    const { code, ms } = await stop(server).ended;
    expect(code).toBe(0);
    expect(ms).toBeLessThan(2_500);
  });

  test('[SRV-25] 20 clients are let go over 10 s, not all at once, and talk until then', async () => {
    const { url } = await startRedis();
    const { server, at } = await start(url, ['--drain', '1ms']);
    const gone: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const socket = await join(at, `user${n}`);
        socket.once('disconnect', () => gone.push(performance.now()));
      }),
    );
    const startedAt = performance.now();
    const { code, ms } = await stop(server).ended;
    expect(code).toBe(0);
    expect(ms).toBeLessThan(13_000);
    await expect.poll(() => gone.length).toBe(20);
    for (let second = 0; second < 10; second += 1) {
      const inSecond = gone.filter((at) => Math.floor((at - startedAt) / 1_000) === second);
      expect(inSecond.length).toBeLessThan(10);
    }
    expect(Math.max(...gone) - Math.min(...gone)).toBeGreaterThan(5_000);
  });

  test('[SRV-14] a server made in code leaves no connection to Redis behind, also one that never listened', async () => {
    const { redis, url } = await startRedis();
    const client = await redis.connect();
    const connected = async () => Number((await client.info('clients')).match(/connected_clients:(\d+)/)?.[1]);
    const options = { auth: 'open', port: 0, redisUrl: url, logLevel: 'silent' } as const;
    const [one, two] = [createStandaloneServer(options), createStandaloneServer(options)];
    await one.listen();
    await expect.poll(connected).toBe(7);
    await Promise.all([one.close(), two.close()]);
    await expect.poll(connected).toBe(1);
  });

  test('[SRV-25] it stops also when Redis is away', async () => {
    const { redis, url } = await startRedis();
    const { server, at } = await start(url, ['--drain', '1ms']);
    const alice = await join(at, 'alice');
    await redis.kill();
    await server.line('Redis is away');
    const told = received(alice, 'server_draining');
    const gone = received(alice, 'disconnect');
    const { ended } = stop(server);
    await Promise.all([told, gone]);
    const { code, ms } = await ended;
    expect(code).toBe(0);
    expect(ms).toBeLessThan(18_000);
  });

  test('[SRV-10] a second signal after a second ends the waiting', async () => {
    const { url } = await startRedis();
    const { server, at } = await start(url);
    const alice = await join(at, 'alice');
    const told = received(alice, 'server_draining');
    const { ended } = stop(server);
    await told;
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    server.child.kill('SIGTERM');
    expect((await ended).code).toBe(1);
  });

  test('[SRV-24] a server without its Redis is alive and not ready, and ready when it is back', async () => {
    const { redis, url } = await startRedis();
    const { server, at } = await start(url);
    await redis.kill();
    await server.line('Redis is away');
    await expect.poll(() => probe(at, '/readyz'), { timeout: 10_000 }).toEqual([503, { status: 'stores away' }]);
    expect((await probe(at, '/livez'))[0]).toBe(200);
    await redis.run();
    await server.line('Redis is back');
    await expect.poll(() => probe(at, '/readyz'), { timeout: 10_000 }).toEqual([200, { status: 'ready' }]);
    expect((await stop(server).ended).code).toBe(0);
  });
});
