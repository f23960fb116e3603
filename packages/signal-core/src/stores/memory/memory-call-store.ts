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
  readonly #nextLineVersion: () => number;

  /** @param nextLineVersion - never repeats, so a line that was empty and is back has another version */
  constructor(nextLineVersion: () => number = counter()) {
    this.#nextLineVersion = nextLineVersion;
  }

  /** Whether it holds no call, not even one that has ended. */
  get isEmpty(): boolean {
    return this.#live.size === 0 && this.#ended.size === 0;
  }

  async get(id: CallId): Promise<Call | undefined> {
    return this.#find(id);
  }

  async line(userId: UserId): Promise<Line> {
    return { userId, version: this.#lines.get(userId)?.version ?? 0, calls: this.#callsOf(userId) };
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

  async liveOf(users: readonly UserId[]): Promise<CallVersion[]> {
    const calls = new Set(users.flatMap((userId) => this.#callsOf(userId)));
    return Array.from(calls, ({ id, version }) => ({ id, version }));
  }

  async countLive(): Promise<number> {
    return this.#live.size;
  }

  #callsOf(userId: UserId): LiveCall[] {
    const ids = this.#lines.get(userId)?.calls ?? [];
    return Array.from(ids, (id) => this.#live.get(id)).filter((call) => call !== undefined);
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
      line.version = this.#nextLineVersion();
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

/** Counts from 1. */
export function counter(): () => number {
  let last = 0;
  return () => {
    last += 1;
    return last;
  };
}
