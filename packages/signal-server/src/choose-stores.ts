import { createRequire } from 'node:module';
import type { Logger, Parts } from 'signal-core';
import { createRedisStores } from 'signal-core/redis';
import { withoutPasswords } from './network-types.js';
import type { ServerConfig } from './server-config.js';
import { UnreachableError } from './unreachable-error.js';

/** How long Redis may take to be there when the server starts, in milliseconds. */
const CONNECT_MS = 5_000;

/** What no second attempt changes. */
const REFUSALS = /^(NOAUTH|NOPERM|WRONGPASS)\b/;

/** How long the last answers of Redis are waited for, in milliseconds. */
const LAST_ANSWERS_MS = 1_000;

/** Where state is kept. */
export interface ChosenStores {
  /** Without stores it is in the memory of the server. */
  parts: Pick<Parts, 'stores'>;
  /** @throws UnreachableError when they cannot be reached in 5 s */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/**
 * State in Redis where a `redisUrl` says so, else in memory. Begins to connect at once, and comes back by itself.
 *
 * @see SPEC.md, rules SRV-23 and SRV-24
 */
export function chooseStores({ redisUrl, redisPrefix }: ServerConfig, logger: Logger): ChosenStores {
  if (redisUrl === undefined) return { parts: {}, ready: async () => {}, close: async () => {} };
  const require = createRequire(import.meta.url);
  // a quarter of a second, which a server without Redis need not take
  const { createClient } = require('redis') as typeof import('redis');
  const client = createClient({ url: redisUrl });
  let fault = 'no answer';
  let isAway = false;
  let refuse = (_isConnected: false) => {};
  const refused = new Promise<boolean>((resolve) => {
    refuse = resolve;
  });
  client.on('error', (error: unknown) => {
    fault = reasonOf(error);
    if (REFUSALS.test(fault)) refuse(false);
    if (!isAway) logger.warn({ reason: fault }, 'Redis is away');
    isAway = true;
  });
  client.on('ready', () => {
    if (isAway) logger.info({}, 'Redis is back');
    isAway = false;
  });
  const connected = client.connect().then(
    () => true,
    () => false,
  );
  return {
    parts: { stores: createRedisStores({ client, keyPrefix: redisPrefix, logger }) },
    async ready() {
      if (await inTime(Promise.race([connected, refused]), CONNECT_MS)) return;
      client.destroy();
      const where = withoutPasswords(redisUrl);
      throw new UnreachableError(
        `Redis at ${where} cannot be reached (${fault}): start it, or correct --redis-url (or REDIS_URL)`,
      );
    },
    async close() {
      const isAnswered = () => true;
      if (client.isReady) await inTime(client.close().then(isAnswered, isAnswered), LAST_ANSWERS_MS);
      client.destroy();
    },
  };
}

/** @returns what comes in time, else `false` */
async function inTime(answer: Promise<boolean>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** Errors of several addresses have no message, only a code. */
function reasonOf(error: unknown): string {
  const { message, code }: { message?: unknown; code?: unknown } = Object(error);
  return String(message || code || 'no answer').split('\n', 1)[0] ?? '';
}
