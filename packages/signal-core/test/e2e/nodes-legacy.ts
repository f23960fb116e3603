import { readdirSync } from 'node:fs';
import type { Transport } from 'signal-core/testing';
import { beforeAll, describe } from 'vitest';
import { isRedisSkipped, sharedRedis } from '../redis/redis-process.ts';
import { isInstalled } from './balancer.ts';
import { REDIS_PORT } from './nodes-mode.ts';

/** Runs the tests of the files legacy-* against two nodes; Vitest gives the file that asks for it a process of its own. */
export function runLegacyOnNodes(transport: Transport): void {
  process.env.NODES = transport;
  const isSkipped = isRedisSkipped || (!isInstalled('nginx') && process.env.CI !== 'true');
  if (!isSkipped) {
    const redis = sharedRedis();
    beforeAll(() => {
      process.env[REDIS_PORT] = String(redis().port);
    });
  }
  const files = readdirSync(import.meta.dirname).filter((name) => /^legacy-.*\.test\.ts$/.test(name));
  for (const file of files) {
    describe.skipIf(isSkipped)(`[NODE-1] ${file} on two nodes behind nginx, over ${transport}`, async () => {
      await import(`./${file}`);
    });
  }
}
