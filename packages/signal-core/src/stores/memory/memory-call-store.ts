import { type Call, isLive, type LiveCall } from '../../domain/call.js';
import type { CallId, UserId } from '../../domain/ids.js';
import { type CallStore, type Commit, DUE_CLAIM_MS, ENDED_CALL_TTL_MS, type Line } from '../call-store.js';
import { DueQueue } from './due-queue.js';

interface StoredLine {
  version: number;
  calls: Set<CallId>;
}

/** Calls in the memory of one process: the reference that other call stores are held against. */
export class MemoryCallStore implements CallStore {
  readonly #live = new Map<CallId, LiveCall>();
  /** In the order in which they ended, so that the oldest are found first. */
  readonly #ended = new Map<CallId, Call & { status: 'ended' }>();
  readonly #lines = new Map<UserId, StoredLine>();
  readonly #due = new DueQueue();
  /** Never repeats, so a line that was empty and is back has another version. */
  #lineVersion = 0;

  async get(id: CallId): Promise<Call | undefined> {
    return this.#find(id);
  }

  async line(userId: UserId): Promise<Line> {
    const line = this.#lines.get(userId);
    const calls = Array.from(line?.calls ?? [], (id) => this.#live.get(id)).filter((call) => call !== undefined);
    return { userId, version: line?.version ?? 0, calls };
  }

  async commit({ calls, lines }: Commit): Promise<boolean> {
    const fits =
      calls.every(({ call, expectedVersion }) => (this.#find(call.id)?.version ?? 0) === expectedVersion) &&
      lines.every(({ userId, expectedVersion }) => (this.#lines.get(userId)?.version ?? 0) === expectedVersion);
    if (!fits) return false;
    for (const { call } of calls) this.#write(call);
    return true;
  }

  async claimDue(now: number, limit: number): Promise<CallId[]> {
    this.#forgetEndedBefore(now - ENDED_CALL_TTL_MS);
    const due = this.#due.take(now, limit);
    for (const id of due) this.#due.set(id, now + DUE_CLAIM_MS);
    return due;
  }

  async live(): Promise<LiveCall[]> {
    return [...this.#live.values()];
  }

  async countLive(): Promise<number> {
    return this.#live.size;
  }

  #find(id: CallId): Call | undefined {
    return this.#live.get(id) ?? this.#ended.get(id);
  }

  #write(call: Call): void {
    const before = this.#live.get(call.id);
    if (isLive(call)) {
      this.#live.set(call.id, call);
      this.#due.set(call.id, call.dueAt);
      if (before?.status !== call.status) this.#eachLine(call, (line) => line.calls.add(call.id));
      return;
    }
    this.#live.delete(call.id);
    this.#due.delete(call.id);
    this.#ended.set(call.id, call);
    this.#forgetEndedBefore(call.endedAt - ENDED_CALL_TTL_MS);
    if (before !== undefined) this.#eachLine(call, (line) => line.calls.delete(call.id));
  }

  #eachLine(call: Call, change: (line: StoredLine) => void): void {
    for (const userId of [call.from.id, call.to.id]) {
      const line = this.#lines.get(userId) ?? { version: 0, calls: new Set() };
      change(line);
      this.#lineVersion += 1;
      line.version = this.#lineVersion;
      if (line.calls.size > 0) this.#lines.set(userId, line);
      else this.#lines.delete(userId);
    }
  }

  #forgetEndedBefore(time: number): void {
    for (const [id, call] of this.#ended) {
      if (call.endedAt > time) return;
      this.#ended.delete(id);
    }
  }
}
