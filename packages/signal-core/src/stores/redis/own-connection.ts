import type { Cancel, Clock } from '../../clock.js';
import type { RedisClient, RedisReader } from './redis-client.js';
import { ANSWER_MS } from './redis-link.js';

/** How long Redis holds an answer back while there is nothing to read, in milliseconds. */
export const BLOCK_MS = 2_000;

/** How long a connection that failed is left alone before the next is made, in milliseconds. */
const AGAIN_MS = 100;

interface OwnConnectionParts {
  client: RedisClient;
  clock: Clock;
  /** Uses the connection for as long as it is good; what it throws ends the connection, and the next one is made. */
  use(reader: RedisReader): Promise<void>;
  /** It failed. */
  onAway(): void;
}

/** A connection for what blocks, which comes back for as long as it is wanted. */
export class OwnConnection {
  readonly #parts: OwnConnectionParts;
  #reader: RedisReader | undefined;
  #isStopped = false;
  #cancelPause: Cancel = () => {};

  constructor(parts: OwnConnectionParts) {
    this.#parts = parts;
    void this.#run();
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** At once, whatever is waited for. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelPause();
    this.#reader?.destroy();
  }

  /** A connection on which nothing comes any more is one that nobody has closed: its own timeouts are minutes. */
  async inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
    const reader = this.#reader;
    const cancel = this.#parts.clock.after(BLOCK_MS + ANSWER_MS, () => reader?.destroy());
    return answer.finally(cancel);
  }

  async #run(): Promise<void> {
    const { client, clock, use, onAway } = this.#parts;
    while (!this.#isStopped) {
      const reader = client.duplicate();
      this.#reader = reader;
      // what is wrong is seen by what fails; without a listener it would end the process
      reader.on('error', () => {});
      try {
        await reader.connect();
        await use(reader);
      } catch {
        if (!this.#isStopped) onAway();
      }
      reader.destroy();
      if (this.#isStopped) return;
      await new Promise<void>((resolve) => {
        this.#cancelPause = clock.after(AGAIN_MS, resolve);
      });
    }
  }
}
