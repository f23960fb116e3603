import type { ServerPayloads } from '../protocol/server-events.js';

/** What a client can hear: the server's events, `pong`, and the end of its own connection with the reason. */
export type Heard = ServerPayloads & { pong: undefined; disconnect: string };
export type HeardEvent = keyof Heard;

/** One event, in the order in which it came. */
export interface HeardEntry {
  readonly event: string;
  readonly payload: unknown;
  /** Handed out by `next` or `take`. */
  taken: boolean;
}

/** How long to wait for an event before giving up, in milliseconds. */
const PATIENCE_MS = 4_000;

/** Every event that somebody heard, in order; each is handed out once. */
export class EventLog {
  readonly entries: HeardEntry[] = [];
  readonly #name: string;
  readonly #watchers = new Set<() => void>();

  /** @param name - whose events these are, for messages */
  constructor(name: string) {
    this.#name = name;
  }

  record(event: string, payload: unknown): void {
    this.entries.push({ event, payload, taken: false });
    for (const look of [...this.#watchers]) look();
  }

  next<E extends HeardEvent>(event: E, where: (payload: Heard[E]) => boolean): Promise<Heard[E]> {
    const missing = new Error();
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#watchers.delete(look);
      };
      const look = () => {
        // the name decides the type: what the server really sends is what the tests are about
        const found = this.entries.find((e) => !e.taken && e.event === event && where(e.payload as Heard[E]));
        if (!found) return;
        found.taken = true;
        done();
        resolve(found.payload as Heard[E]);
      };
      const timer = setTimeout(() => {
        done();
        missing.message = `${this.#name} waited ${PATIENCE_MS} ms for ${event}; came: ${this.#summary()}`;
        reject(missing);
      }, PATIENCE_MS);
      this.#watchers.add(look);
      look();
    });
  }

  take<E extends HeardEvent>(event: E): Heard[E][] {
    const entries = this.entries.filter((entry) => !entry.taken && entry.event === event);
    for (const entry of entries) entry.taken = true;
    return entries.map((entry) => entry.payload as Heard[E]);
  }

  /** @throws Error naming the first of these events that was not handed out */
  expectNone(events: readonly string[]): void {
    const unwanted = this.entries.find((entry) => !entry.taken && events.includes(entry.event));
    if (unwanted) throw new Error(`${this.#name} got ${unwanted.event} ${JSON.stringify(unwanted.payload)}`);
  }

  #summary(): string {
    const lines = this.entries.map((entry) => {
      const text = JSON.stringify(entry.payload) ?? '';
      return `${entry.event}${entry.taken ? ' (taken)' : ''} ${text.length > 120 ? `${text.slice(0, 120)}…` : text}`;
    });
    return lines.length === 0 ? 'nothing' : `\n  ${lines.join('\n  ')}`;
  }
}
