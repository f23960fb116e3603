import type { Stores } from 'signal-core';
import { createRedisStores } from 'signal-core/redis';
import { onTestFinished } from 'vitest';
import { RedisProcess } from '../../../signal-core/test/redis/redis-process.ts';
import { run } from '../server-process.ts';

/** One server of several, in a process of its own. */
export interface FleetNode {
  url: string;
  /** `kill -9` */
  kill(): Promise<void>;
  /** It stands still until it thaws. */
  freeze(): void;
  thaw(): void;
  /** SIGTERM. @returns its exit code, and how long it took */
  stop(): Promise<{ code: number | null; ms: number }>;
  isRunning(): boolean;
  onlineUsers(): Promise<Set<string>>;
  activeCalls(): Promise<number>;
  /** A sample of `/metrics`, by its name and labels. */
  metric(name: string): Promise<number>;
  /** What it warned of, or failed at. */
  warnings(): string[];
}

/** Servers that share a Redis, for the length of one test. */
export interface Fleet {
  redis: RedisProcess;
  nodes: FleetNode[];
  /** What they share, as it is. */
  stores: Stores;
  start(redisUrl?: string): Promise<FleetNode>;
  /** The ids of calls that live, as the store has them. */
  liveCalls(): Promise<string[]>;
}

interface Options {
  count?: number;
  args?: string[];
  /** Redis writes what it answers to a file, and has it again. */
  keeps?: boolean;
}

/** Starts Redis and nodes: two, unless told otherwise. Needs the built packages. */
export async function startFleet({ count = 2, args = [], keeps = false }: Options = {}): Promise<Fleet> {
  const redis = await RedisProcess.start({ keeps });
  onTestFinished(() => redis.stop());
  const client = await redis.connect();
  const stores = createRedisStores({ client, keyPrefix: 'signal' });
  const start = (redisUrl = `redis://127.0.0.1:${redis.port}`) => startNode(redisUrl, args);
  const nodes = await Promise.all(Array.from({ length: count }, () => start()));
  return { redis, nodes, stores, start, liveCalls: () => liveCalls(stores) };
}

async function startNode(redisUrl: string, args: string[]): Promise<FleetNode> {
  const flags = ['--port', '0', '--limits', 'off', '--metrics', '--log-level', 'warn', '--log-format', 'json'];
  const server = run([...flags, ...args], { env: { REDIS_URL: redisUrl } });
  const { child, ended } = server;
  const url = String((await server.line('listening')).url);
  const get = async (path: string) => {
    const response = await fetch(`${url}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response;
  };
  while ((await fetch(`${url}/readyz`)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    url,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async stop() {
      const startedAt = performance.now();
      child.kill('SIGTERM');
      const { code } = await ended;
      return { code, ms: performance.now() - startedAt };
    },
    isRunning: () => child.exitCode === null && child.signalCode === null,
    async onlineUsers() {
      const users = Array.from(Object(await (await get('/api/online-users')).json()), (user) =>
        String(Object(user).id),
      );
      return new Set(users);
    },
    activeCalls: async () => Number(Object(await (await get('/health')).json()).activeCalls),
    async metric(name) {
      const text = await (await get('/metrics')).text();
      const line = text.split('\n').find((each) => each.startsWith(`${name} `));
      if (line === undefined) throw new Error(`no metric ${name}`);
      return Number(line.slice(name.length + 1));
    },
    warnings: () =>
      server
        .lines()
        .filter(({ level }) => level === 'warn' || level === 'error')
        .map(({ msg, err }) => (err === undefined ? msg : `${msg}: ${String(Object(err).message)}`)),
  };
}

async function liveCalls(stores: Stores): Promise<string[]> {
  const ids: string[] = [];
  for (const scope of await stores.scopes()) for (const { id } of await stores.in(scope).calls.live()) ids.push(id);
  return ids;
}
