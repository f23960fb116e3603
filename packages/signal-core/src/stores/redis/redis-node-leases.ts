import { randomUUID } from 'node:crypto';
import type { NodeId } from '../../domain/ids.js';
import { BEAT_MS, type Beat, LEASE_MS, type NodeLeases, type Passing } from '../nodes.js';
import type { RedisKeys } from './keys.js';
import { BEAT, BURIED, CLAIM_NODE, LEAVE } from './lua/beat.js';
import type { RedisLink } from './redis-link.js';
import { textsOf } from './reply.js';

/** Two beats of which one is missing in between are as far apart as this, in milliseconds. */
const GAP_MS = 2 * BEAT_MS;

/** How long the name of a dead node is refused, in milliseconds: one that stood still for longer takes another by itself. */
const REMEMBERED_MS = 3_600_000;

/** Which nodes live, by the clock of Redis. */
export class RedisNodeLeases implements NodeLeases {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;

  constructor(link: RedisLink, keys: RedisKeys) {
    this.#link = link;
    this.#keys = keys;
  }

  async beat(self: NodeId): Promise<Beat> {
    const { nodes, burials, dead, memory } = this.#keys;
    const args = [self, LEASE_MS, GAP_MS, REMEMBERED_MS, randomUUID()];
    const answer = textsOf(await this.#link.run(BEAT, [nodes, burials, dead, memory], args));
    const [isKnown, at, memoryName = '', living, ...names] = answer;
    const count = Number(living);
    return {
      isKnown: isKnown === '1',
      at: Number(at),
      memory: memoryName,
      alive: names.slice(0, count),
      silent: names.slice(count),
    };
  }

  async claim(dead: NodeId, self: NodeId): Promise<Passing | undefined> {
    const { nodes, burials } = this.#keys;
    switch (await this.#link.run(CLAIM_NODE, [nodes, burials], [dead, self, LEASE_MS])) {
      case 1:
        return 'died';
      case 2:
        return 'left';
      default:
        return undefined;
    }
  }

  async buried(dead: NodeId): Promise<void> {
    await this.#link.run(BURIED, [this.#keys.burials, this.#keys.dead], [dead]);
  }

  async leave(self: NodeId): Promise<void> {
    await this.#link.run(LEAVE, [this.#keys.nodes], [self]);
  }

  async takeTurn(ms: number): Promise<boolean> {
    const options = { condition: 'NX', expiration: { type: 'PX', value: ms } } as const;
    return (await this.#link.ask((redis) => redis.set(this.#keys.turn, '1', options))) !== null;
  }
}
