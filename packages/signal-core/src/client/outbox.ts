import type { ClientEvent, ClientPayload } from '../protocol/client-events.js';
import type { Ack, ErrorBody } from '../protocol/errors.js';
import type { Link } from './link.js';

interface Entry {
  event: ClientEvent;
  payload: unknown;
  onAnswer: (answer: Ack) => void;
}

/** What the outbox needs of a {@link Link}. */
export type Wire = Pick<Link, 'request'>;

/**
 * What one call has to say, in order, until each thing is answered. While the call has no connection it waits;
 * with the next one everything that is unanswered goes out again, from the first. The server takes each once.
 *
 * @see SPEC.md, rules CLIENT-4, CALL-18 and TALK-5
 */
export class Outbox {
  #entries: Entry[] = [];
  #wire: Wire | undefined;
  #wasUsed = false;
  readonly #onEmpty: () => void;

  /** @param onEmpty - the last thing has been answered */
  constructor(onEmpty: () => void = () => {}) {
    this.#onEmpty = onEmpty;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Whether anything has ever left: only then can the server know of the call. */
  get wasUsed(): boolean {
    return this.#wasUsed;
  }

  add<E extends ClientEvent>(event: E, payload: ClientPayload<E>, onAnswer: (answer: Ack) => void = () => {}): void {
    const entry: Entry = { event, payload, onAnswer };
    this.#entries.push(entry);
    if (this.#wire !== undefined) this.#send(entry, this.#wire);
  }

  /** Says, ahead of everything that waits, what has to be said again. */
  addFirst<E extends ClientEvent>(event: E, payload: ClientPayload<E>, onAnswer: (answer: Ack) => void): void {
    const entry: Entry = { event, payload, onAnswer };
    this.#entries.unshift(entry);
    if (this.#wire !== undefined) this.#send(entry, this.#wire);
  }

  /** From now on things go out over this connection, beginning with what is unanswered. */
  open(wire: Wire): void {
    if (this.#wire === wire) return;
    this.#wire = wire;
    for (const entry of [...this.#entries]) this.#send(entry, wire);
  }

  /** There is no connection. */
  hold(): void {
    this.#wire = undefined;
  }

  /** Nothing of it matters any more. */
  discard(error: ErrorBody): void {
    for (const entry of this.#entries.splice(0)) entry.onAnswer({ ok: false, error });
  }

  #send(entry: Entry, wire: Wire): void {
    this.#wasUsed = true;
    // `add` paired the payload with the event
    wire.request(entry.event, entry.payload as never, (answer) => {
      const index = this.#entries.indexOf(entry);
      // unanswered: it stays for the next connection
      if (answer === undefined || index < 0) return;
      this.#entries.splice(index, 1);
      entry.onAnswer(answer);
      if (this.isEmpty) this.#onEmpty();
    });
  }
}
