import type { ClientEvent, ClientPayload } from '../protocol/client-events.js';
import type { Ack, ErrorBody } from '../protocol/errors.js';
import type { Link } from './link.js';

interface Entry {
  event: ClientEvent;
  payload: unknown;
  onAnswer: (answer: Ack) => void;
  /** Where it belongs among all that was said. */
  place: number;
  /** Whether it is counted (TALK-5), and by which number the server may know it. */
  isNumbered: boolean;
  seq: number | undefined;
  /** Whether the server may have taken it. */
  wasSent: boolean;
  /** Over which it waits for its answer. */
  wire: Wire | undefined;
  /** Whether it went out alone, at the pace that there was. */
  wasPaced: boolean;
}

/** What the outbox needs of a {@link Link}. */
export type Wire = Pick<Link, 'request'>;

/** So many wait for their answers at a time: were all of them refused, the server would not kick us yet (LIMIT-3). */
const MAX_IN_FLIGHT = 50;

/**
 * What one call has to say, in order, until each thing is answered. While the call has no connection it waits;
 * with the next one everything that is unanswered goes out again, from the first. The server takes each once.
 * What came too fast is said again, and from then on one thing after the other, until all is said.
 *
 * @see SPEC.md, rules CLIENT-4, CLIENT-29, CALL-18 and TALK-5
 */
export class Outbox {
  /** Those that are on the wire come first. */
  #entries: Entry[] = [];
  #wire: Wire | undefined;
  #wasUsed = false;
  #seq = 0;
  #places = 0;
  /** Something came too fast: from now on one thing at a time, and so many milliseconds before it, by kind. */
  #isPaced = false;
  #paceMs = { candidates: 0, events: 0 };
  #pause: ReturnType<typeof setTimeout> | undefined;
  #isSending = false;
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
    this.#entries.push(this.#entry(event, payload, onAnswer));
    this.#sendOn();
  }

  /** Says something that gets the next number (`seq`) when it goes out. */
  addNumbered<E extends ClientEvent>(
    event: E,
    payload: Omit<ClientPayload<E>, 'seq'>,
    onAnswer: (answer: Ack) => void,
  ): void {
    this.#entries.push({ ...this.#entry(event, payload, onAnswer), isNumbered: true });
    this.#sendOn();
  }

  /** Says, ahead of everything that waits, what has to be said again. */
  addFirst<E extends ClientEvent>(event: E, payload: ClientPayload<E>, onAnswer: (answer: Ack) => void): void {
    const entry = { ...this.#entry(event, payload, onAnswer), place: Number.NEGATIVE_INFINITY };
    this.#entries.unshift(entry);
    if (this.#wire !== undefined) this.#send(entry, this.#wire);
  }

  /** From now on things go out over this connection, beginning with what is unanswered. */
  open(wire: Wire): void {
    if (this.#wire === wire) return;
    this.hold();
    this.#wire = wire;
    this.#sendOn();
  }

  /** There is no connection. */
  hold(): void {
    this.#wire = undefined;
    this.#hurry();
    clearTimeout(this.#pause);
    this.#pause = undefined;
  }

  /** Nothing of it matters any more. */
  discard(error: ErrorBody): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    for (const entry of this.#entries.splice(0)) entry.onAnswer({ ok: false, error });
  }

  #entry(event: ClientEvent, payload: unknown, onAnswer: (answer: Ack) => void): Entry {
    this.#places += 1;
    const place = this.#places;
    return {
      event,
      payload,
      onAnswer,
      place,
      isNumbered: false,
      seq: undefined,
      wasSent: false,
      wire: undefined,
      wasPaced: false,
    };
  }

  /** Sends what may be sent now. A legacy server is taken to answer at once, so that this comes back to itself. */
  #sendOn(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let next = this.#next(); next !== undefined && this.#wire !== undefined; next = this.#next()) {
      this.#send(next, this.#wire);
    }
    this.#isSending = false;
  }

  #next(): Entry | undefined {
    if (this.#wire === undefined || this.#pause !== undefined) return undefined;
    const inFlight = this.#entries.findIndex(({ wire }) => wire !== this.#wire);
    return inFlight < (this.#isPaced ? 1 : MAX_IN_FLIGHT) ? this.#entries[inFlight] : undefined;
  }

  #send(entry: Entry, wire: Wire): void {
    this.#wasUsed = true;
    entry.wasSent = true;
    entry.wire = wire;
    entry.wasPaced = this.#isPaced;
    if (entry.isNumbered && entry.seq === undefined) {
      this.#seq += 1;
      entry.seq = this.#seq;
    }
    const payload = entry.isNumbered ? { ...Object(entry.payload), seq: entry.seq } : entry.payload;
    // `add` paired the payload with the event
    wire.request(entry.event, payload as never, (answer) => {
      const index = this.#entries.indexOf(entry);
      // unanswered: it stays for the next connection
      if (answer === undefined || index < 0) return;
      const retryAfterMs = answer.ok || answer.error.code !== 'rate_limited' ? undefined : answer.error.retryAfterMs;
      if (retryAfterMs !== undefined && entry.event !== 'call_user') {
        this.#sayAgain(entry, retryAfterMs);
        return;
      }
      this.#entries.splice(index, 1);
      entry.onAnswer(answer);
      const [next] = this.#entries;
      if (next === undefined) {
        this.#hurry();
        this.#onEmpty();
      } else if (this.#isPaced) this.#wait(this.#paceMs[kindOf(next)]);
      else this.#sendOn();
    });
  }

  /** The server has not taken it: it gets a new number, behind those that may have been taken. */
  #sayAgain(entry: Entry, afterMs: number): void {
    entry.wire = undefined;
    entry.wasSent = false;
    entry.seq = undefined;
    this.#entries.sort((a, b) => Number(b.wasSent) - Number(a.wasSent) || a.place - b.place);
    const kind = kindOf(entry);
    // of several at once each was told to wait for the same token; one that went alone, how much its pace lacked
    this.#paceMs[kind] = entry.wasPaced ? this.#paceMs[kind] + afterMs : Math.max(this.#paceMs[kind], afterMs);
    this.#isPaced = true;
    this.#wait(afterMs);
  }

  #wait(ms: number): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#sendOn();
    }, ms);
  }

  #hurry(): void {
    this.#isPaced = false;
    this.#paceMs = { candidates: 0, events: 0 };
  }
}

/** Candidates are counted apart (LIMIT-2). */
function kindOf({ event }: Entry): 'candidates' | 'events' {
  return event === 'ice_candidates' ? 'candidates' : 'events';
}
