import TinyQueue from 'tinyqueue';
import type { CallId } from '../../domain/ids.js';

interface Entry {
  id: CallId;
  dueAt: number;
}

const COMPACT_ABOVE = 1024;

/** Deadlines by call: a heap in which moved entries lie until they surface, or outnumber the live ones. */
export class DueQueue {
  readonly #dueAt = new Map<CallId, number>();
  #heap = new TinyQueue<Entry>([], byDueAt);

  set(id: CallId, dueAt: number): void {
    if (this.#dueAt.get(id) === dueAt) return;
    this.#dueAt.set(id, dueAt);
    this.#heap.push({ id, dueAt });
    if (this.#heap.length > COMPACT_ABOVE && this.#heap.length > 4 * this.#dueAt.size) this.#compact();
  }

  delete(id: CallId): void {
    this.#dueAt.delete(id);
  }

  /** Takes what is due, earliest first. */
  take(now: number, limit: number): CallId[] {
    const due: CallId[] = [];
    for (let first = this.#heap.peek(); first !== undefined && first.dueAt <= now; first = this.#heap.peek()) {
      if (due.length === limit) break;
      this.#heap.pop();
      if (this.#dueAt.get(first.id) !== first.dueAt) continue;
      this.#dueAt.delete(first.id);
      due.push(first.id);
    }
    return due;
  }

  #compact(): void {
    this.#heap = new TinyQueue(
      Array.from(this.#dueAt, ([id, dueAt]) => ({ id, dueAt })),
      byDueAt,
    );
  }
}

function byDueAt(a: Entry, b: Entry): number {
  return a.dueAt - b.dueAt;
}
