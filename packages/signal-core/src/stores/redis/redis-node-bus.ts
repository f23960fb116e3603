import type { Clock } from '../../clock.js';
import type { NodeId } from '../../domain/ids.js';
import type { Logger } from '../../log.js';
import type { NodeBus, NodeMessage } from '../nodes.js';
import type { RedisKeys } from './keys.js';
import { readMessage } from './node-message.js';
import { NodeOutbox } from './node-outbox.js';
import type { RedisClient } from './redis-client.js';
import type { RedisLink } from './redis-link.js';
import { type StreamEntry, StreamReader } from './stream-reader.js';

interface RedisNodeBusParts {
  client: RedisClient;
  link: RedisLink;
  keys: RedisKeys;
  clock: Clock;
  log: Logger;
}

/**
 * Messages between nodes on streams of Redis, one a node, which that node alone reads.
 *
 * @see SPEC.md, rule STORE-11
 */
export class RedisNodeBus implements NodeBus {
  readonly #parts: RedisNodeBusParts;
  readonly #outbox: NodeOutbox;
  #self: NodeId | undefined;

  constructor(parts: RedisNodeBusParts) {
    this.#parts = parts;
    this.#outbox = new NodeOutbox(parts);
  }

  /** Nothing is sent before it listens: nobody would know who speaks. */
  send(to: NodeId, message: NodeMessage): void {
    if (this.#self !== undefined) this.#outbox.send(this.#self, to, message);
  }

  /** @param listener - must not throw */
  listen(self: NodeId, listener: (from: NodeId, message: NodeMessage) => void): () => void {
    this.#self = self;
    const { link, keys, log } = this.#parts;
    const stream = keys.node(self);
    let isStopped = false;
    const hear = (from: unknown, record: unknown): boolean => {
      const message = readMessage(record);
      if (message === undefined || typeof from !== 'string') return false;
      if (!isStopped) listener(from, message);
      return true;
    };
    const onEntries = (entries: readonly StreamEntry[]) => {
      const heard = entries.flatMap(({ from, ...records }) =>
        Object.values(records).map((record) => hear(from, record)),
      );
      const junk = heard.filter((isUnderstood) => !isUnderstood).length;
      if (junk > 0) log.error({ count: junk }, 'messages of other nodes could not be understood');
    };
    const reader = new StreamReader({ ...this.#parts, stream, onEntries });
    return () => {
      isStopped = true;
      reader.stop();
      // what nobody reads any more may hold descriptions; if this fails, it goes by itself
      link.ask((redis) => redis.unlink(stream)).catch(() => {});
    };
  }
}
