import { z } from 'zod';
import type { Cancel, Clock } from '../../clock.js';
import type { Logger } from '../../log.js';
import type { RedisClient, RedisReader } from './redis-client.js';
import { ANSWER_MS } from './redis-link.js';

/** How long Redis holds an answer back while there is nothing to read, in milliseconds. */
const BLOCK_MS = 2_000;

/** How long a connection that failed is left alone before the next is made, in milliseconds. */
const AGAIN_MS = 100;

/** How many entries are read at once. */
const PAGE = 256;

/** Before the first entry: what came before anybody read is read, too. */
const BEGINNING = '0-0';

const answerSchema = z
  .array(z.object({ messages: z.array(z.object({ id: z.string(), message: z.record(z.string(), z.unknown()) })) }))
  .nullable();

/** An entry of a stream, its fields by name. */
export type StreamEntry = Readonly<Record<string, unknown>>;

interface StreamReaderParts {
  client: RedisClient;
  clock: Clock;
  log: Logger;
  /** The key of the stream. */
  stream: string;
  /** Must not throw: what could not be handled once comes again. */
  onEntries(entries: StreamEntry[]): void;
}

/**
 * Reads a stream that nobody else reads, on a connection of its own, which comes back for as long as it is wanted. What
 * was read is taken out with the next reading. After a lost connection, what was not taken out by then comes again.
 */
export class StreamReader {
  readonly #parts: StreamReaderParts;
  #reader: RedisReader | undefined;
  #isStopped = false;
  #isAway = false;
  #cancelPause: Cancel = () => {};

  constructor(parts: StreamReaderParts) {
    this.#parts = parts;
    void this.#run();
  }

  /** At once, whatever is waited for. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelPause();
    this.#reader?.destroy();
  }

  async #run(): Promise<void> {
    const { client, clock } = this.#parts;
    while (!this.#isStopped) {
      const reader = client.duplicate();
      this.#reader = reader;
      // what is wrong is seen by what fails; without a listener it would end the process
      reader.on('error', () => {});
      try {
        await reader.connect();
        await this.#read(reader);
      } catch {
        this.#away();
      }
      reader.destroy();
      if (this.#isStopped) return;
      await new Promise<void>((resolve) => {
        this.#cancelPause = clock.after(AGAIN_MS, resolve);
      });
    }
  }

  async #read(reader: RedisReader): Promise<void> {
    const { stream, onEntries } = this.#parts;
    // whatever the owner of the client wants answers to look like
    const redis = reader.withCommandOptions({ timeout: 0, typeMapping: {} });
    let last = BEGINNING;
    while (!this.#isStopped) {
      const trimmed = last === BEGINNING ? undefined : redis.xTrim(stream, 'MINID', after(last));
      const asked = redis.xRead({ key: stream, id: last }, { COUNT: PAGE, BLOCK: BLOCK_MS });
      const [answer] = await this.#inTime(reader, Promise.all([asked, trimmed]));
      if (this.#isStopped) return;
      this.#back();
      const entries = (answerSchema.parse(answer) ?? []).flatMap(({ messages }) => messages);
      last = entries.at(-1)?.id ?? last;
      if (entries.length > 0) onEntries(entries.map(({ message }) => message));
    }
  }

  /** A connection on which nothing comes any more is one that nobody has closed: its own timeouts are minutes. */
  async #inTime<Answer>(reader: RedisReader, answer: Promise<Answer>): Promise<Answer> {
    const cancel = this.#parts.clock.after(BLOCK_MS + ANSWER_MS, () => reader.destroy());
    return answer.finally(cancel);
  }

  #away(): void {
    if (this.#isAway || this.#isStopped) return;
    this.#isAway = true;
    this.#parts.log.warn({}, 'what other nodes say cannot be read');
  }

  #back(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#parts.log.info({}, 'what other nodes say is read again');
  }
}

/** The id next to one, the first that is kept. */
function after(id: string): string {
  const [ms, n] = id.split('-');
  return `${ms}-${BigInt(n ?? 0) + 1n}`;
}
