import type { Clock } from '../../clock.js';
import type { NodeId } from '../../domain/ids.js';
import type { Logger } from '../../log.js';
import type { NodeMessage } from '../nodes.js';
import type { RedisKeys } from './keys.js';
import { SEND_TO_NODE } from './lua/send-to-node.js';
import { toRecord } from './record.js';
import type { RedisLink } from './redis-link.js';

/** How long a message is tried, in milliseconds: by then nodes have compared their calls with the store. */
const TRIED_MS = 10_000;

/** How long after a failure the same messages are sent again, in milliseconds. */
const AGAIN_MS = 100;

/** What waits at most: then the oldest messages are dropped. */
const MAX_WAITING = 10_000;
const MAX_WAITING_LENGTH = 32 * 1024 * 1024;

/** What is sent at once at most, so that Redis is never held up by one command. A longer message goes by itself. */
const MAX_BATCH = 500;
const MAX_BATCH_LENGTH = 512 * 1024;

/** How many entries a stream holds that nobody reads, about. */
const MAX_ENTRIES = 10_000;

/** How long a stream stays to which nobody writes any more, in milliseconds: that of a dead node goes. */
export const STREAM_MS = 30_000;

interface Waiting {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly record: string;
  /** When it was to be sent; epoch milliseconds. */
  readonly at: number;
}

interface NodeOutboxParts {
  link: RedisLink;
  keys: RedisKeys;
  clock: Clock;
  log: Logger;
}

/**
 * What is on its way to other nodes. The messages of one turn of the event loop are one command for each node; the next
 * are sent once these are answered, so that they stay in order.
 */
export class NodeOutbox {
  readonly #parts: NodeOutboxParts;
  #waiting: Waiting[] = [];
  #length = 0;
  #isSending = false;
  #isDropping = false;

  constructor(parts: NodeOutboxParts) {
    this.#parts = parts;
  }

  send(from: NodeId, to: NodeId, message: NodeMessage): void {
    const waiting = { from, to, record: toRecord(message), at: this.#parts.clock.now() };
    this.#waiting.push(waiting);
    this.#length += waiting.record.length;
    if (this.#waiting.length > MAX_WAITING || this.#length > MAX_WAITING_LENGTH) this.#dropOldest();
    if (this.#isSending) return;
    this.#isSending = true;
    setImmediate(() => void this.#sendAll());
  }

  async #sendAll(): Promise<void> {
    const { clock } = this.#parts;
    for (;;) {
      this.#dropLate();
      const batch = this.#nextBatch();
      if (batch.length === 0) break;
      const failed = await this.#write(batch);
      this.#remove(new Set(batch.filter((one) => !failed.has(one.to))));
      if (failed.size > 0) await new Promise<void>((resolve) => clock.after(AGAIN_MS, resolve));
      else this.#recover();
    }
    this.#isSending = false;
  }

  #nextBatch(): Waiting[] {
    let length = 0;
    const first = this.#waiting.slice(0, MAX_BATCH);
    const end = first.findIndex(({ record }, index) => {
      length += record.length;
      return index > 0 && length > MAX_BATCH_LENGTH;
    });
    return end === -1 ? first : first.slice(0, end);
  }

  /** @returns to whom it could not be written */
  async #write(batch: Waiting[]): Promise<Set<NodeId>> {
    const { link, keys } = this.#parts;
    const failed = new Set<NodeId>();
    const writing = entriesOf(batch).map(async ({ from, to, records }) => {
      const args = [MAX_ENTRIES, STREAM_MS, 'from', from, ...records.flatMap((record, n) => [String(n), record])];
      await link.run(SEND_TO_NODE, [keys.node(to)], args).catch(() => failed.add(to));
    });
    await Promise.all(writing);
    return failed;
  }

  #dropLate(): void {
    const oldest = this.#parts.clock.now() - TRIED_MS;
    const late = this.#waiting.filter(({ at }) => at < oldest);
    if (late.length > 0) this.#drop(late);
  }

  /** A quarter at once, since each dropping looks at all that waits. */
  #dropOldest(): void {
    const end = Math.ceil(this.#waiting.length / 4);
    this.#drop(this.#waiting.slice(0, end));
  }

  #drop(dropped: Waiting[]): void {
    this.#remove(new Set(dropped));
    if (this.#isDropping) return;
    this.#isDropping = true;
    this.#parts.log.warn({}, 'messages to other nodes are dropped');
  }

  #recover(): void {
    if (!this.#isDropping) return;
    this.#isDropping = false;
    this.#parts.log.info({}, 'messages to other nodes are sent again');
  }

  #remove(gone: ReadonlySet<Waiting>): void {
    this.#waiting = this.#waiting.filter((one) => !gone.has(one));
    this.#length = this.#waiting.reduce((length, { record }) => length + record.length, 0);
  }
}

interface Entry extends Pick<Waiting, 'from' | 'to'> {
  readonly records: string[];
}

/** One for each receiver, and for each name of the sender. */
function entriesOf(batch: readonly Waiting[]): Entry[] {
  const entries: Entry[] = [];
  for (const { from, to, record } of batch) {
    const entry = entries.find((one) => one.to === to && one.from === from);
    if (entry === undefined) entries.push({ from, to, records: [record] });
    else entry.records.push(record);
  }
  return entries;
}
