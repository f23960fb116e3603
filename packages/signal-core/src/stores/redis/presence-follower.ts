import { z } from 'zod';
import type { Clock } from '../../clock.js';
import type { DeviceKey } from '../../domain/ids.js';
import type { Session } from '../../domain/session.js';
import type { Logger } from '../../log.js';
import type { SessionChange } from '../presence-store.js';
import type { RedisKeys } from './keys.js';
import { BLOCK_MS, OwnConnection } from './own-connection.js';
import { readSession, readSessions } from './presence-record.js';
import type { RedisClient, RedisReader } from './redis-client.js';
import type { RedisLink } from './redis-link.js';
import { textsOf } from './reply.js';

/** How many users, or changes, are read at once, so that nobody else waits for long. */
const PAGE = 1_000;

const entrySchema = z.object({ id: z.string(), message: z.record(z.string(), z.unknown()) });
const changeSchema = z.object({
  n: z.string().regex(/^\d{1,18}$/),
  device: z.custom<DeviceKey>(isDevice),
  session: z.string(),
});
const answerSchema = z.array(z.object({ messages: z.array(entrySchema) })).nullable();
type Entry = z.infer<typeof entrySchema>;

/** Where a follower stands: the entry that it read last, and its number. */
interface Place {
  id: string;
  n: string | undefined;
}

interface PresenceFollowerParts {
  client: RedisClient;
  link: RedisLink;
  keys: RedisKeys;
  clock: Clock;
  log: Logger;
  /** Neither must throw. */
  onChange(change: SessionChange): void;
  onReset(sessions: Session[]): void;
}

/**
 * Follows who is online: all sessions, then every change. Changes are numbered without a gap, so that one that was
 * missed, for whatever reason, is found by the next: then all sessions are read again.
 */
export class PresenceFollower {
  readonly #parts: PresenceFollowerParts;
  readonly #connection: OwnConnection;
  #place: Place | undefined;
  #isAway = false;

  constructor(parts: PresenceFollowerParts) {
    this.#parts = parts;
    this.#connection = new OwnConnection({
      ...parts,
      use: (reader) => this.#follow(reader),
      onAway: () => this.#away(),
    });
  }

  /** Tells all sessions again, soon. */
  reset(): void {
    this.#place = undefined;
  }

  stop(): void {
    this.#connection.stop();
  }

  async #follow(reader: RedisReader): Promise<void> {
    // whatever the owner of the client wants answers to look like
    const redis = reader.withCommandOptions({ timeout: 0, typeMapping: {} });
    while (!this.#connection.isStopped) {
      const place = this.#place ?? (await this.#readAll());
      if (this.#connection.isStopped) return;
      if (place === undefined) continue;
      const asked = redis.xRead({ key: this.#parts.keys.presence, id: place.id }, { COUNT: PAGE, BLOCK: BLOCK_MS });
      const answer = answerSchema.parse(await this.#connection.inTime(asked));
      if (this.#connection.isStopped) return;
      this.#back();
      const entries = (answer ?? []).flatMap(({ messages }) => messages);
      if (entries.length === 0) await this.#lookForGap(place);
      for (const entry of entries) if (!this.#take(entry)) break;
    }
  }

  /** @returns whether it was the next one; else all is to be read again */
  #take({ id, message }: Entry): boolean {
    const place = this.#place;
    if (place === undefined) return false;
    const change = changeSchema.safeParse(message).data;
    if (change === undefined) {
      this.#parts.log.error({}, 'a change of who is online could not be understood');
      this.#place = { id, n: place.n };
      return true;
    }
    const { n, device, session } = change;
    if (!isNext(n, place)) {
      this.#place = undefined;
      return false;
    }
    this.#place = { id, n };
    this.#parts.onChange({ device, session: session === '' ? undefined : readSession(session) });
    return true;
  }

  /** Nothing came: was nothing written, or is it where nobody reads, as after a loss of everything? */
  async #lookForGap(place: Place): Promise<void> {
    const { link, keys } = this.#parts;
    const [n] = textsOf([await link.ask((redis) => redis.get(keys.presenceSeq))]);
    const [last] = await this.#changes('+', '-', 1);
    // what was written meanwhile is found by the next reading
    if (n === place.n || (last !== undefined && isAfter(last.id, place.id))) return;
    this.#place = undefined;
  }

  /**
   * All sessions, with what changed while they were read. Changes are read along with them: of a million sessions, more
   * come in that time than are kept.
   *
   * @returns `undefined` when one was missed even so
   */
  async #readAll(): Promise<Place | undefined> {
    const { link, keys, onReset } = this.#parts;
    const sessions = new Map<DeviceKey, Session>();
    let place: Place | undefined = await this.#end();
    let cursor = '0';
    do {
      const page = await link.ask((redis) => redis.hScan(keys.sessions, cursor, { COUNT: PAGE }));
      // the answer of HSCAN, as node-redis gives it
      const { cursor: next, entries } = page as { cursor: string; entries: { value: string }[] };
      for (const { value } of entries) for (const session of readSessions(value)) sessions.set(session.device, session);
      cursor = String(next);
      place = await this.#catchUp(sessions, place);
      if (place === undefined) return;
    } while (cursor !== '0' && !this.#connection.isStopped);
    this.#place = place;
    if (!this.#connection.isStopped) onReset([...sessions.values()]);
    return place;
  }

  /** Every change since a place. @returns the place after them; `undefined` when one is missing */
  async #catchUp(sessions: Map<DeviceKey, Session>, since: Place): Promise<Place | undefined> {
    let place = since;
    for (;;) {
      const changes = await this.#changesAfter(place.id);
      for (const { id, message } of changes) {
        const change = changeSchema.safeParse(message).data;
        if (change !== undefined && !isNext(change.n, place)) return;
        place = { id, n: change?.n ?? place.n };
        if (change === undefined) continue;
        sessions.delete(change.device);
        const session = change.session === '' ? undefined : readSession(change.session);
        if (session !== undefined) sessions.set(change.device, session);
      }
      if (changes.length < PAGE) return place;
    }
  }

  /** Where the last change stands; the number is that of the last one, too, when none of them is kept. */
  async #end(): Promise<Place> {
    const { link, keys } = this.#parts;
    const [last] = await this.#changes('+', '-', 1);
    if (last !== undefined) return { id: last.id, n: changeSchema.safeParse(last.message).data?.n };
    const [n] = textsOf([await link.ask((redis) => redis.get(keys.presenceSeq))]);
    return { id: '0-0', n };
  }

  async #changes(from: string, to: string, count: number): Promise<Entry[]> {
    const { link, keys } = this.#parts;
    return z
      .array(entrySchema)
      .parse(await link.ask((redis) => redis.xRevRange(keys.presence, from, to, { COUNT: count })));
  }

  async #changesAfter(id: string): Promise<Entry[]> {
    const { link, keys } = this.#parts;
    return z
      .array(entrySchema)
      .parse(await link.ask((redis) => redis.xRange(keys.presence, `(${id}`, '+', { COUNT: PAGE })));
  }

  #away(): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.#parts.log.warn({}, 'who is online cannot be followed');
  }

  #back(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#parts.log.info({}, 'who is online is followed again');
  }
}

function isDevice(key: unknown): boolean {
  return typeof key === 'string' && key.includes('/');
}

function isNext(n: string, place: Place): boolean {
  return place.n === undefined || BigInt(n) === BigInt(place.n) + 1n;
}

function isAfter(id: string, other: string): boolean {
  const [ms = '0', n = '0'] = id.split('-');
  const [otherMs = '0', otherN = '0'] = other.split('-');
  return ms === otherMs ? BigInt(n) > BigInt(otherN) : BigInt(ms) > BigInt(otherMs);
}
