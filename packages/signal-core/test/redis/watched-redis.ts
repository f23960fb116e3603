import { setImmediate } from 'node:timers/promises';
import type {
  RedisClient,
  RedisCommands,
  RedisReader,
  RedisReaderCommands,
} from '../../src/stores/redis/redis-client.ts';
import type { RedisConnection } from './redis-process.ts';

/** How often nothing may be under way before it counts as quiet: an answer may make a node ask a moment later. */
const QUIET_TURNS = 5;

/** What a connection waits for: what comes after an entry of a stream. */
interface Wait {
  key: string;
  id: string;
}

/** Knows what servers of this process have under way to a Redis, and what they have not read yet. */
export class WatchedRedis {
  readonly #own: RedisConnection;
  /** Connections that read streams; nothing where one is at something else. */
  readonly #readers = new Map<object, Wait | undefined>();
  readonly #streams = new Set<string>();
  /** Something may have been written to a stream since all were seen to be read. */
  #isWritten = false;
  #underWay = 0;
  #begun = 0;

  /** @param own - to look at streams with */
  constructor(own: RedisConnection) {
    this.#own = own;
  }

  /** The client, with everything seen that is asked through it. */
  watched(client: RedisClient): RedisClient {
    return {
      withCommandOptions: (options) => this.#counted<RedisCommands>(client.withCommandOptions(options)),
      duplicate: () => this.#reader(client.duplicate()),
    };
  }

  /** Everything that was asked is answered, and everything that was written to a stream is read. */
  async quiet(): Promise<void> {
    do {
      for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
        await setImmediate();
        if (this.#isBusy()) turns = 0;
      }
    } while (this.#isWritten && !(await this.#isRead()));
  }

  #isBusy(): boolean {
    return this.#underWay > 0 || [...this.#readers.values()].includes(undefined);
  }

  /** @returns whether nothing waits in a stream, and nothing happened while it was looked for */
  async #isRead(): Promise<boolean> {
    const begun = this.#begun;
    const waits = [...this.#readers.values()].filter((wait) => wait !== undefined);
    const isLast = await Promise.all(waits.map(async ({ key, id }) => (await this.#lastOf(key)) === id));
    if (isLast.includes(false) || this.#begun !== begun || this.#isBusy()) return false;
    this.#isWritten = false;
    return true;
  }

  /** The id of the last entry that ever was in a stream. */
  async #lastOf(key: string): Promise<string> {
    // there is none yet
    const info = await this.#own.xInfoStream(key).catch(() => undefined);
    return String(info?.['last-generated-id'] ?? '0-0');
  }

  #reader(reader: RedisReader): RedisReader {
    return {
      on: (event, listener) => reader.on(event, listener),
      connect: () => {
        this.#readers.set(reader, undefined);
        return reader.connect();
      },
      destroy: () => {
        this.#readers.delete(reader);
        reader.destroy();
      },
      withCommandOptions: (options) => {
        const commands = this.#counted<RedisReaderCommands>(reader.withCommandOptions(options));
        const plain = reader.withCommandOptions(options);
        return { xTrim: commands.xTrim, xRead: (...asked) => this.#read(reader, plain.xRead(...asked), asked[0]) };
      },
    };
  }

  async #read<Answer>(reader: RedisReader, answer: Promise<Answer>, wait: Wait): Promise<Answer> {
    this.#begun += 1;
    this.#streams.add(wait.key);
    this.#readers.set(reader, wait);
    try {
      return await answer;
    } finally {
      // else it was destroyed
      if (this.#readers.has(reader)) this.#readers.set(reader, undefined);
    }
  }

  #counted<Commands extends object>(commands: Commands): Commands {
    return new Proxy(commands, {
      get: (target, name) => {
        const command: unknown = Reflect.get(target, name, target);
        if (typeof command !== 'function') return command;
        return (...args: unknown[]) => {
          this.#isWritten ||= args.some((arg) => keysIn(arg).some((key) => this.#streams.has(key)));
          return this.#count(Reflect.apply(command, target, args));
        };
      },
    });
  }

  async #count<Answer>(answer: Promise<Answer>): Promise<Answer> {
    this.#begun += 1;
    this.#underWay += 1;
    try {
      return await answer;
    } finally {
      this.#underWay -= 1;
    }
  }
}

/** Streams are written by scripts, which are told their keys. */
function keysIn(arg: unknown): string[] {
  const keys: unknown = Object(arg).keys;
  return Array.isArray(keys) ? keys : [];
}
