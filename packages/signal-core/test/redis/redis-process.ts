import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe } from 'vitest';
import { freePort } from '../free-port.ts';

const COMMAND = 'redis-server';

function isProvided(): boolean {
  try {
    execFileSync(COMMAND, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export const isRedisProvided = isProvided();
export const isRedisSkipped = !isRedisProvided && process.env.CI !== 'true';
if (isRedisSkipped)
  process.stderr.write(`SKIPPED: the suites on Redis need ${COMMAND} (apt-get install redis-server)\n`);

/** Suites that need Redis: skipped where it is missing, but never where CI=true. */
export const describeOnRedis = describe.skipIf(isRedisSkipped);

/** A real Redis of our own, in a directory of its own. */
export class RedisProcess {
  readonly port: number;
  readonly #dir = mkdtempSync(join(tmpdir(), 'signal-redis-'));
  readonly #options: string[];
  readonly #clients: { destroy(): void }[] = [];
  #child: ChildProcess | undefined;

  /**
   * @param keeps - whether it writes what it answers to a file, and has it again after `kill` and `run`
   * @param of - whose replica it is
   */
  static async start({ keeps = false, of }: { keeps?: boolean; of?: RedisProcess } = {}): Promise<RedisProcess> {
    for (let attempt = 1; ; attempt += 1) {
      const redis = new RedisProcess(await freePort(), keeps, of);
      try {
        await redis.run();
        return redis;
      } catch (error) {
        await redis.stop();
        // somebody may have been faster on that port
        if (attempt === 3) throw error;
      }
    }
  }

  private constructor(port: number, keeps: boolean, of: RedisProcess | undefined) {
    this.port = port;
    this.#options = ['--save', '', '--appendonly', keeps ? 'yes' : 'no', '--appendfsync', 'no'];
    // a replica has all at once
    this.#options.push('--repl-diskless-sync-delay', '0');
    if (of !== undefined) this.#options.push('--replicaof', `127.0.0.1 ${of.port}`);
    process.once('exit', this.#killOnExit);
  }

  /** Starts it, or starts it again on the same port. */
  async run(): Promise<void> {
    const place = ['--bind', '127.0.0.1', '--port', String(this.port), '--dir', this.#dir];
    const child = spawn(COMMAND, [...place, ...this.#options], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child = child;
    const started = new Promise<boolean>((resolve) => {
      child.once('error', () => resolve(false));
      child.once('exit', () => resolve(false));
      createInterface(child.stdout).on('line', (line) => line.includes('Ready to accept connections') && resolve(true));
    });
    if (await started) return;
    throw new Error(`${COMMAND} did not start`);
  }

  /** A new connection; it comes back by itself, and is closed by `stop`. */
  async connect() {
    const client = createClient({ socket: { port: this.port, host: '127.0.0.1', reconnectStrategy: 20 } });
    this.#clients.push(client);
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  /** `kill -9` */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** It takes whatever comes, and answers nothing until it thaws. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.destroy();
    await this.kill();
    process.off('exit', this.#killOnExit);
    rmSync(this.#dir, { recursive: true, force: true });
  }

  readonly #killOnExit = () => {
    this.#child?.kill('SIGKILL');
  };
}

/** One Redis for all tests of a suite. @returns what is there once they run */
export function sharedRedis(): () => RedisProcess {
  let redis: RedisProcess | undefined;
  beforeAll(async () => {
    redis = await RedisProcess.start();
  });
  afterAll(() => redis?.stop());
  return () => {
    if (redis === undefined) throw new Error('Redis is there from the first test to the last');
    return redis;
  };
}

export type RedisConnection = Awaited<ReturnType<RedisProcess['connect']>>;
