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

/** What waits at most, for all receivers: then the oldest messages are dropped. */
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
  readonly record: string;
  /** When it was to be sent; epoch milliseconds. */
  readonly at: number;
}

/** What is on its way to one receiver. */
interface Lane {
  waiting: Waiting[];
  isDropping: boolean;
}

interface NodeOutboxParts {
  link: RedisLink;
  keys: RedisKeys;
  clock: Clock;
  log: Logger;
}

/**
 * What is on its way to other nodes. The messages of one turn of the event loop to a node are one command; the next are
 * sent once these are answered, so that they stay in order. A receiver whose stream refuses them keeps no other waiting.
 */
export class NodeOutbox {
  readonly #parts: NodeOutboxParts;
  /** Those to whom something is under way. */
  readonly #lanes = new Map<NodeId, Lane>();
  #count = 0;
  #length = 0;

  constructor(parts: NodeOutboxParts) {
    this.#parts = parts;
  }

  send(from: NodeId, to: NodeId, message: NodeMessage): void {
    const waiting = { from, record: toRecord(message), at: this.#parts.clock.now() };
    const lane = this.#lanes.get(to) ?? this.#open(to);
    lane.waiting.push(waiting);
    this.#count += 1;
    this.#length += waiting.record.length;
    if (this.#count > MAX_WAITING || this.#length > MAX_WAITING_LENGTH) this.#dropOldest();
  }

  #open(to: NodeId): Lane {
    const lane = { waiting: [], isDropping: false };
    this.#lanes.set(to, lane);
    setImmediate(() => void this.#sendAll(to, lane));
    return lane;
  }

  async #sendAll(to: NodeId, lane: Lane): Promise<void> {
    const { clock } = this.#parts;
    for (;;) {
      const oldest = clock.now() - TRIED_MS;
      this.#drop(lane, ({ at }) => at < oldest);
      const batch = nextBatch(lane.waiting);
      if (batch.length === 0) break;
      if (await this.#write(to, batch)) {
        const written = new Set(batch);
        this.#remove(lane, (one) => written.has(one));
        this.#recover(lane);
      } else await new Promise<void>((resolve) => clock.after(AGAIN_MS, resolve));
    }
    this.#lanes.delete(to);
  }

  /** @returns whether all of it was written */
  async #write(to: NodeId, batch: readonly Waiting[]): Promise<boolean> {
    const { link, keys } = this.#parts;
    const writing = entriesOf(batch).map(({ from, records }) => {
      const args = [MAX_ENTRIES, STREAM_MS, 'from', from, ...records.flatMap((record, n) => [String(n), record])];
      return link.run(SEND_TO_NODE, [keys.node(to)], args);
    });
    const written = await Promise.allSettled(writing);
    return written.every(({ status }) => status === 'fulfilled');
  }

  /** A quarter at once, since each dropping looks at all that waits. */
  #dropOldest(): void {
    const times = [...this.#lanes.values()].flatMap(({ waiting }) => waiting.map(({ at }) => at)).sort((a, b) => a - b);
    let left = Math.ceil(times.length / 4);
    const until = times[left - 1] ?? 0;
    for (const lane of this.#lanes.values()) {
      // one turn may have written all that waits
      this.#drop(lane, ({ at }) => {
        if (at > until || left === 0) return false;
        left -= 1;
        return true;
      });
    }
  }

  #drop(lane: Lane, isOld: (waiting: Waiting) => boolean): void {
    const dropped = this.#remove(lane, isOld);
    if (dropped === 0 || lane.isDropping) return;
    lane.isDropping = true;
    this.#parts.log.warn({}, 'messages to other nodes are dropped');
  }

  #recover(lane: Lane): void {
    if (!lane.isDropping) return;
    lane.isDropping = false;
    this.#parts.log.info({}, 'messages to other nodes are sent again');
  }

  /** @returns how many */
  #remove(lane: Lane, isGone: (waiting: Waiting) => boolean): number {
    const gone = new Set(lane.waiting.filter(isGone));
    if (gone.size === 0) return 0;
    lane.waiting = lane.waiting.filter((one) => !gone.has(one));
    this.#count -= gone.size;
    for (const { record } of gone) this.#length -= record.length;
    return gone.size;
  }
}

function nextBatch(waiting: readonly Waiting[]): Waiting[] {
  let length = 0;
  const first = waiting.slice(0, MAX_BATCH);
  const end = first.findIndex(({ record }, index) => {
    length += record.length;
    return index > 0 && length > MAX_BATCH_LENGTH;
  });
  return end === -1 ? first : first.slice(0, end);
}

interface Entry {
  readonly from: NodeId;
  readonly records: string[];
}

/** One for each name of the sender. */
function entriesOf(batch: readonly Waiting[]): Entry[] {
  const entries: Entry[] = [];
  for (const { from, record } of batch) {
    const entry = entries.find((one) => one.from === from);
    if (entry === undefined) entries.push({ from, records: [record] });
    else entry.records.push(record);
  }
  return entries;
}
