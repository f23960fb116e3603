import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { startLegacy } from '../src/servers/legacy.js';
import { startOurs } from '../src/servers/ours.js';

const LAUNCHER = fileURLToPath(new URL('../../packages/signal-cli/bin/signal-cli.js', import.meta.url));
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** What a command of signal-cli prints; whatever its exit code. */
async function signalCli(...args: string[]): Promise<string> {
  const running = promisify(execFile)(process.execPath, [LAUNCHER, ...args]);
  const { stdout } = await running.catch((error: { stdout: string }) => error);
  return stdout;
}

it('[REPORT-10] [LOAD-9] the same load on the legacy server and on this one: a comparison shows orphans and presence', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'load-comparison-'));
  // everybody calls whoever calls them at once: the legacy protocol has no answer to that
  const flags = ['--users', '60', '--rate', '10/s', '--duration', '2s', '--hold', '0ms', '--topology', 'glare'];
  for (const [name, start] of [
    ['legacy', () => startLegacy({ announce: true })],
    ['ours', startOurs],
  ] as const) {
    const server = await start();
    servers.push(server);
    // a server that listens on TCP has an AddressInfo
    const { port } = server.address() as AddressInfo;
    await signalCli('load', '--url', `http://127.0.0.1:${port}`, ...flags, '-o', join(folder, name));
  }
  const told = await signalCli('report', 'diff', join(folder, 'legacy'), join(folder, 'ours'));
  await rm(folder, { recursive: true });
  // each of the 20 pairs has two calls, one of which nobody ends
  expect(told).toMatch(/^orphaned calls +20 +0 +×0\.00$/m);
  expect(told).toMatch(/^failed +100\.0 % +0\.0 % +×0\.00$/m);
  const [, before = '', after = ''] = /^presence bytes a join +([\d,.]+) +([\d,.]+) /m.exec(told) ?? [];
  const [legacy = 0, ours = Number.NaN] = [before, after].map((text) => Number(text.replaceAll(',', '')));
  expect(legacy).toBeGreaterThan(ours * 100);
});
