import { type Call, isLive, type LiveCall } from '../../domain/call.js';
import type { CallId, UserId } from '../../domain/ids.js';
import {
  type CallStore,
  type CallVersion,
  type Commit,
  DUE_CLAIM_MS,
  ENDED_CALL_TTL_MS,
  type Line,
} from '../call-store.js';
import type { ScopeKeys } from './keys.js';
import { CLAIM_DUE } from './lua/claim-due.js';
import { COMMIT } from './lua/commit.js';
import { LIST_SCOPE, UNLIST_SCOPE } from './lua/list-scope.js';
import { READ_LINE } from './lua/read-line.js';
import { READ_LIVE } from './lua/read-live.js';
import { fromRecord, toRecord } from './record.js';
import type { RedisLink } from './redis-link.js';
import { textsOf } from './reply.js';

/** How many calls, or users, are read at once, so that nobody else waits for long. */
const PAGE = 500;

/** How long a scope without calls stays listed after somebody listed it to write there, in seconds. */
const LISTED_S = 60;

/** Answered where nobody has written, or nothing is left. */
const NO_SCOPE = -1;

/** The calls of a scope in Redis, each commit one script. */
export class RedisCallStore implements CallStore {
  readonly #link: RedisLink;
  readonly #keys: ScopeKeys;

  constructor(link: RedisLink, keys: ScopeKeys) {
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
    const written = await this.#commit(commit, false);
    if (written !== NO_SCOPE) return written === 1;
    const { scopes, scope } = this.#keys;
    await this.#link.run(LIST_SCOPE, [scopes], [scope]);
    return (await this.#commit(commit, true)) === 1;
  }

  async claimDue(now: number, limit: number): Promise<CallId[]> {
    const { calls, due, ended, lineVersion, scopes, scope } = this.#keys;
    const args = [now, now + DUE_CLAIM_MS, limit, now - ENDED_CALL_TTL_MS];
    const ids = await this.#link.run(CLAIM_DUE, [calls, due, ended, lineVersion], args);
    if (ids === NO_SCOPE) await this.#link.run(UNLIST_SCOPE, [scopes], [scope, LISTED_S]);
    return textsOf(ids);
  }

  /** Not of one moment: calls may come and go while it reads. One that cannot be read hides none of the others. */
  async live(): Promise<LiveCall[]> {
    const { calls, due } = this.#keys;
    const ids = textsOf(await this.#link.ask((redis) => redis.zRange(due, 0, -1)));
    const live: LiveCall[] = [];
    for (let start = 0; start < ids.length; start += PAGE) {
      const page = ids.slice(start, start + PAGE);
      const stored = textsOf(await this.#link.ask((redis) => redis.hmGet(calls, page)));
      live.push(...stored.flatMap(callsIn).filter(isLive));
    }
    return live;
  }

  async liveOf(users: readonly UserId[]): Promise<CallVersion[]> {
    const { calls, lines } = this.#keys;
    const versions = new Map<CallId, number>();
    for (let start = 0; start < users.length; start += PAGE) {
      const found = textsOf(await this.#link.run(READ_LIVE, [calls, lines], users.slice(start, start + PAGE)));
      for (let at = 0; at + 1 < found.length; at += 2) versions.set(found[at] ?? '', Number(found[at + 1]));
    }
    return Array.from(versions, ([id, version]) => ({ id, version }));
  }

  async countLive(): Promise<number> {
    return Number(await this.#link.ask((redis) => redis.zCard(this.#keys.due)));
  }

  #commit(commit: Commit, isListed: boolean): Promise<unknown> {
    const { calls, due, ended, lines, lineVersion } = this.#keys;
    return this.#link.run(COMMIT, [calls, due, ended, lines, lineVersion], commitArguments(commit, isListed));
  }
}

function commitArguments({ calls, lines }: Commit, isListed: boolean): (string | number)[] {
  const ends = calls.flatMap(({ call }) => (isLive(call) ? [] : [call.endedAt]));
  return [
    calls.length,
    Math.max(0, ...ends) - ENDED_CALL_TTL_MS,
    isListed ? 1 : 0,
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

/** @returns nothing for what cannot be read */
function callsIn(stored: string): Call[] {
  try {
    return [readCall(stored)];
  } catch {
    return [];
  }
}

/** @param stored - version, status, record */
function readCall(stored: string): Call {
  const record = stored.slice(stored.indexOf(' ', stored.indexOf(' ') + 1) + 1);
  const call = fromRecord(record);
  if (typeof Object(call).status !== 'string') throw new Error('a stored value is no call');
  // only `commit` writes here, and only calls
  return call as Call;
}
