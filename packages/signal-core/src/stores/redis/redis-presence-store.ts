import type { Clock } from '../../clock.js';
import { type DeviceKey, type NodeId, type UserId, userOf } from '../../domain/ids.js';
import type { Session } from '../../domain/session.js';
import type { Logger } from '../../log.js';
import type { PresenceStore, SessionChange } from '../presence-store.js';
import type { RedisKeys } from './keys.js';
import { SWAP_SESSION } from './lua/swap-session.js';
import { PresenceFollower } from './presence-follower.js';
import { readSessions } from './presence-record.js';
import { toRecord } from './record.js';
import type { RedisClient } from './redis-client.js';
import type { RedisLink } from './redis-link.js';
import { textsOf } from './reply.js';

/** How many changes are kept for those who were away for a moment, about; whoever missed more reads everything. */
const MAX_CHANGES = 100_000;

/** How many users are read at once, so that nobody else waits for long. */
const PAGE = 500;

interface Listener {
  onChange(change: SessionChange): void;
  onReset: ((sessions: Session[]) => void) | undefined;
}

interface RedisPresenceStoreParts {
  client: RedisClient;
  link: RedisLink;
  keys: RedisKeys;
  clock: Clock;
  log: Logger;
}

/** Sessions in Redis, each swap one script, which tells of it, too. */
export class RedisPresenceStore implements PresenceStore {
  readonly #parts: RedisPresenceStoreParts;
  readonly #listeners = new Set<Listener>();
  #follower: PresenceFollower | undefined;

  constructor(parts: RedisPresenceStoreParts) {
    this.#parts = parts;
  }

  async sessionsOf(userId: UserId): Promise<Session[]> {
    const { link, keys } = this.#parts;
    const [stored] = textsOf([await link.ask((redis) => redis.hGet(keys.sessions, userId))]);
    return stored === undefined ? [] : readSessions(stored);
  }

  async swap({ device, session }: SessionChange, expectedSocketId: string | undefined): Promise<boolean> {
    const { link, keys } = this.#parts;
    const args = [
      ...[userOf(device), device, expectedSocketId ?? '', session?.socketId ?? ''],
      ...[session?.lostAt === undefined ? 0 : 1, session?.node ?? ''],
      ...[session === undefined ? '' : toRecord(session), keys.held(''), MAX_CHANGES],
    ];
    return (
      (await link.run(
        SWAP_SESSION,
        [keys.sessions, keys.presence, keys.presenceSeq, keys.burials, keys.dead],
        args,
      )) === 1
    );
  }

  subscribe(onChange: (change: SessionChange) => void, onReset?: (sessions: Session[]) => void): () => void {
    const listener: Listener = { onChange, onReset };
    this.#listeners.add(listener);
    if (onReset !== undefined) this.#follower?.reset();
    this.#follower ??= new PresenceFollower({
      ...this.#parts,
      onChange: (change) => {
        for (const each of this.#listeners) each.onChange(structuredClone(change));
      },
      onReset: (sessions) => {
        for (const each of this.#listeners) each.onReset?.(sessions);
      },
    });
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#follower?.stop();
      this.#follower = undefined;
    };
  }

  /** The sessions of the devices that a node holds. */
  async heldBy(node: NodeId): Promise<Session[]> {
    const { link, keys } = this.#parts;
    // only swaps write here
    const devices = textsOf(await link.ask((redis) => redis.sMembers(keys.held(node)))) as DeviceKey[];
    const users = [...new Set(devices.map(userOf))];
    const held: Session[] = [];
    for (let start = 0; start < users.length; start += PAGE) {
      const page = users.slice(start, start + PAGE);
      const stored = textsOf(await link.ask((redis) => redis.hmGet(keys.sessions, page)));
      held.push(...stored.flatMap(readSessions).filter((session) => session.node === node));
    }
    return held;
  }
}
