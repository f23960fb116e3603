import { type Call, isLive, type LiveCall } from '../../domain/call.js';
import type { CallId, UserId } from '../../domain/ids.js';
import { type CallStore, type Commit, DUE_CLAIM_MS, ENDED_CALL_TTL_MS, type Line } from '../call-store.js';
import type { RedisKeys } from './keys.js';
import { CLAIM_DUE } from './lua/claim-due.js';
import { COMMIT } from './lua/commit.js';
import { READ_LINE } from './lua/read-line.js';
import { fromRecord, toRecord } from './record.js';
import type { RedisLink } from './redis-link.js';
import { textsOf } from './reply.js';

/** How many calls are read at once, so that nobody else waits for long. */
const PAGE = 500;

/** Calls in Redis, each commit one script. */
export class RedisCallStore implements CallStore {
  readonly #link: RedisLink;
  readonly #keys: RedisKeys;

  constructor(link: RedisLink, keys: RedisKeys) {
    this.#link = link;
    this.#keys = keys;
  }

  async get(id: CallId): Promise<Call | undefined> {
    const [stored] = textsOf([await this.#link.ask((redis) => redis.hGet(this.#keys.calls, id))]);
    return stored === undefined ? undefined : readCall(stored);
  }

  async line(userId: UserId): Promise<Line> {
    const { calls, lines } = this.#keys;
    const [version = '0', ...stored] = textsOf(await this.#link.run(READ_LINE, [calls, lines], [userId]));
    return { userId, version: Number(version), calls: stored.map(readCall).filter(isLive) };
  }

  async commit(commit: Commit): Promise<boolean> {
    const { calls, due, ended, lines, lineVersion } = this.#keys;
    const written = await this.#link.run(COMMIT, [calls, due, ended, lines, lineVersion], commitArguments(commit));
    return written === 1;
  }

  async claimDue(now: number, limit: number): Promise<CallId[]> {
    const { calls, due, ended } = this.#keys;
    const args = [now, now + DUE_CLAIM_MS, limit, now - ENDED_CALL_TTL_MS];
    return textsOf(await this.#link.run(CLAIM_DUE, [calls, due, ended], args));
  }

  /** Not of one moment: calls may come and go while it reads. */
  async live(): Promise<LiveCall[]> {
    const { calls, due } = this.#keys;
    const ids = textsOf(await this.#link.ask((redis) => redis.zRange(due, 0, -1)));
    const live: LiveCall[] = [];
    for (let start = 0; start < ids.length; start += PAGE) {
      const page = ids.slice(start, start + PAGE);
      const stored = textsOf(await this.#link.ask((redis) => redis.hmGet(calls, page)));
      live.push(...stored.map(readCall).filter(isLive));
    }
    return live;
  }

  async countLive(): Promise<number> {
    return Number(await this.#link.ask((redis) => redis.zCard(this.#keys.due)));
  }
}

function commitArguments({ calls, lines }: Commit): (string | number)[] {
  const ends = calls.flatMap(({ call }) => (isLive(call) ? [] : [call.endedAt]));
  return [
    calls.length,
    Math.max(0, ...ends) - ENDED_CALL_TTL_MS,
    ...calls.flatMap(({ call, expectedVersion }) => [
      call.id,
      expectedVersion,
      call.version,
      call.status,
      isLive(call) ? call.dueAt : call.endedAt,
      call.from.id,
      call.to.id,
      toRecord(call),
    ]),
    ...lines.flatMap(({ userId, expectedVersion }) => [userId, expectedVersion]),
  ];
}

/** @param stored - version, status, record */
function readCall(stored: string): Call {
  const record = stored.slice(stored.indexOf(' ', stored.indexOf(' ') + 1) + 1);
  // only `commit` writes here, and only calls
  return fromRecord(record) as Call;
}
