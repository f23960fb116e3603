import { z } from 'zod';
import type { Clock } from '../../clock.js';
import type { Logger } from '../../log.js';
import { BLOCK_MS, OwnConnection } from './own-connection.js';
import type { RedisClient, RedisReader } from './redis-client.js';

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
  readonly #connection: OwnConnection;
  #isAway = false;

  constructor(parts: StreamReaderParts) {
    this.#parts = parts;
    this.#connection = new OwnConnection({ ...parts, use: (reader) => this.#read(reader), onAway: () => this.#away() });
  }

  /** At once, whatever is waited for. */
  stop(): void {
    this.#connection.stop();
  }

  async #read(reader: RedisReader): Promise<void> {
    const { stream, onEntries } = this.#parts;
    // whatever the owner of the client wants answers to look like
    const redis = reader.withCommandOptions({ timeout: 0, typeMapping: {} });
    let last = BEGINNING;
    while (!this.#connection.isStopped) {
      const trimmed = last === BEGINNING ? undefined : redis.xTrim(stream, 'MINID', after(last));
      const asked = redis.xRead({ key: stream, id: last }, { COUNT: PAGE, BLOCK: BLOCK_MS });
      const [answer] = await this.#connection.inTime(Promise.all([asked, trimmed]));
      if (this.#connection.isStopped) return;
      this.#back();
      const entries = (answerSchema.parse(answer) ?? []).flatMap(({ messages }) => messages);
      last = entries.at(-1)?.id ?? last;
      if (entries.length > 0) onEntries(entries.map(({ message }) => message));
    }
  }

  #away(): void {
    if (this.#isAway) return;
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
