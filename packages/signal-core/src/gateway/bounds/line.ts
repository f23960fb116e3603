import type { ServerResponse } from 'node:http';
import type { Socket as EngineSocket } from 'engine.io';
import type { Cancel, Clock } from '../../clock.js';
import type { Limits } from '../../limits.js';
import { rawWebSocketOf } from '../wire.js';
import { Backlog } from './backlog.js';

/** How long a client may take to close its side, in milliseconds. */
export const CLOSE_TIMEOUT_MS = 500;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * One connection of the engine, from its first byte: what waits for its client, and how it is let go, whether or not it
 * ever connects to the namespace.
 *
 * @see SPEC.md, rules LIMIT-9 and LIMIT-10
 */
export class Line {
  readonly #conn: EngineSocket;
  readonly #backlog: Backlog;
  readonly #cancelDeadline: Cancel;
  #isStuck = false;

  constructor(conn: EngineSocket, { clock, limits }: { clock: Clock; limits: Limits }) {
    this.#conn = conn;
    this.#backlog = new Backlog(conn, limits);
    this.#cancelDeadline = clock.after(CONNECT_TIMEOUT_MS, () => this.cut());
    // a polling transport tells of its answers just before it writes them, and holds that to the poll
    const transport: EngineSocket['transport'] & { res?: ServerResponse } = conn.transport;
    transport.on('headers', (_headers: unknown, { method }: { method?: string }) => {
      const { res } = transport;
      if (method === 'GET' && res && !this.#backlog.answer(res)) this.#cutSoon();
    });
    conn.once('close', () => {
      this.#cancelDeadline();
      this.cutLater();
    });
  }

  /** It does not read what it is sent, and is being cut. */
  get isStuck(): boolean {
    return this.#isStuck;
  }

  /** It has connected to the namespace. */
  connected(): void {
    this.#cancelDeadline();
  }

  /** Something was written. */
  wrote(): void {
    if (this.#backlog.isOverflowing) this.#cutSoon();
  }

  cutIfStale(now: number): void {
    if (this.#backlog.isStale(now)) this.#cutSoon();
  }

  /** Ends the transport at once, whatever is under way. */
  cut(): void {
    rawWebSocketOf(this.#conn)?.terminate();
    this.#conn.close(true);
    this.#backlog.drop();
  }

  /** It is good for nothing: the client may close it, and else is cut. */
  cutLater(): void {
    setTimeout(() => this.cut(), CLOSE_TIMEOUT_MS).unref();
  }

  /** A client that does not read is lost, and may come back: only after the writes of this turn, to this one or others. */
  #cutSoon(): void {
    if (this.#isStuck) return;
    this.#isStuck = true;
    setImmediate(() => this.cut());
  }
}
