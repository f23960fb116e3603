import type { Clock } from '../../clock.js';
import { systemClock } from '../../clock.js';
import type { RedisClient, RedisCommands } from './redis-client.js';
import type { Script } from './script.js';

/** How long Redis may take for an answer, in milliseconds. */
export const ANSWER_MS = 2_000;

/**
 * Asks Redis, and waits so long and no longer: node-redis waits for ever for what it has sent.
 * What was not sent by then never is, so that nothing is written after the caller was told of a failure; of what was
 * sent and not answered nobody knows.
 *
 * @see SPEC.md, rule STORE-7
 */
export class RedisLink {
  readonly #client: RedisClient;
  readonly #clock: Clock;

  constructor(client: RedisClient, clock: Clock = systemClock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** @throws Error when Redis is away, refuses, or does not answer in {@link ANSWER_MS} */
  ask<Answer>(command: (redis: RedisCommands) => Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const queued = new AbortController();
      const cancel = this.#clock.after(ANSWER_MS, () => {
        reject(new Error(`Redis did not answer in ${ANSWER_MS} ms`));
        queued.abort();
      });
      // the client's own timeout ends with the sending, and its type mapping is its owner's business
      const options = { abortSignal: queued.signal, timeout: 0, typeMapping: {} };
      command(this.#client.withCommandOptions(options)).then(resolve, reject).finally(cancel);
    });
  }

  /** Runs a script by its name; by its text where Redis does not know it: the first time, and after a restart. */
  run({ text, sha1 }: Script, keys: string[], args: (string | number)[]): Promise<unknown> {
    const options = { keys, arguments: args.map(String) };
    return this.ask(async (redis) => {
      try {
        return await redis.evalSha(sha1, options);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return await redis.eval(text, options);
      }
    });
  }
}
