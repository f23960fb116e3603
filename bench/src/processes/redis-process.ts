import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createClient } from 'redis';
import { listen } from '../servers/listen.js';
import { type RedisCounts, readCounts } from './redis-counts.js';

/** A Redis of its own, on a core, that keeps nothing on disk. */
export interface RedisProcess {
  port: number;
  /** What it has done so far. */
  counts(): Promise<RedisCounts>;
}

/** Starts Redis, runs `use`, and ends it, however that goes. @throws Error when there is no `redis-server` */
export async function withRedis<T>(core: number | undefined, use: (redis: RedisProcess) => Promise<T>): Promise<T> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'signal-bench-'));
  const redis = ['redis-server', '--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
  const command = [...redis, '--save', '', '--appendonly', 'no'];
  const [file = '', ...rest] = core === undefined ? command : ['taskset', '-c', String(core), ...command];
  const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await started(child);
    const client = createClient({ socket: { host: '127.0.0.1', port } });
    // whoever asks hears what is wrong
    client.on('error', () => {});
    await client.connect();
    const text = async (section: string) => String(await client.info(section));
    const counts = async () =>
      readCounts(`${await text('commandstats')}\n${await text('stats')}\n${await text('cpu')}`);
    try {
      return await use({ port, counts });
    } finally {
      client.destroy();
    }
  } finally {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

function started(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', () => reject(new Error('the scenario `nodes` needs redis-server')));
    child.once('exit', () => reject(new Error('redis-server did not start')));
    if (child.stdout === null) return;
    createInterface(child.stdout).on('line', (line) => line.includes('Ready to accept connections') && resolve());
  });
}

async function freePort(): Promise<number> {
  const server = await listen(createServer());
  // A server that listens on TCP has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
