import { v4 as uuidv4 } from 'uuid';
import type { CallId } from '../domain/ids.js';
import type { KeptStream } from '../nodes/kept.js';

const MAX_EVENTS = 256;
const MAX_LENGTH = 256 * 1024;

/**
 * The events of one call to one device, numbered and kept, sent or not, so that a device that comes back gets
 * what it missed, once, or is told that it cannot.
 *
 * @see SPEC.md, section RESUME
 */
export class EventStream {
  readonly #id: string;
  #kept: string[];
  #length: number;
  #nextSeq: number;
  /** When the call was over, in epoch milliseconds. */
  endedAt: number | undefined;

  /** @param from - the stream to go on with, which another node began */
  constructor({ id, kept, nextSeq, endedAt }: Omit<KeptStream, 'callId'> = { id: uuidv4(), kept: [], nextSeq: 1 }) {
    this.#id = id;
    this.#kept = [...kept];
    this.#length = kept.reduce((sum, text) => sum + text.length, 0);
    this.#nextSeq = nextSeq;
    this.endedAt = endedAt;
  }

  /** All of it, for another node to go on with. */
  toKept(callId: CallId): KeptStream {
    const { endedAt } = this;
    return {
      callId,
      id: this.#id,
      kept: [...this.#kept],
      nextSeq: this.#nextSeq,
      ...(endedAt !== undefined && { endedAt }),
    };
  }

  /**
   * @param text - an encoded event whose payload is an object with members, so that one more can follow
   * @returns it with its number
   */
  append(text: string): string {
    const name = this.#nextSeq === 1 ? `,"streamId":"${this.#id}"` : '';
    const numbered = `${text.slice(0, -'}]'.length)},"seq":${this.#nextSeq}${name}}]`;
    this.#nextSeq += 1;
    this.#kept.push(numbered);
    this.#length += numbered.length;
    while (this.#kept.length > MAX_EVENTS || this.#length > MAX_LENGTH) {
      this.#length -= this.#kept.shift()?.length ?? this.#length;
    }
    return numbered;
  }

  /** The last event was the call's end: nothing before it matters any more. */
  end(at: number): void {
    this.endedAt = at;
    this.#kept = this.#kept.slice(-1);
    this.#length = this.#kept[0]?.length ?? 0;
  }

  /** @returns `undefined` when the first of them are no longer there */
  all(): string[] | undefined {
    return this.#kept.length === this.#nextSeq - 1 ? [...this.#kept] : undefined;
  }

  /**
   * What follows an event.
   *
   * @param lastSeq - its number; 0 for the beginning, which needs no name of the stream
   * @returns `undefined` when this is another stream, or no longer all there
   */
  after(lastSeq: number, streamId: string | undefined): string[] | undefined {
    const isThisOne = streamId === this.#id || (streamId === undefined && lastSeq === 0);
    if (!isThisOne || lastSeq >= this.#nextSeq) return undefined;
    const missed = this.#nextSeq - 1 - lastSeq;
    if (this.endedAt !== undefined) return missed > 0 ? this.#kept : [];
    return missed <= this.#kept.length ? this.#kept.slice(this.#kept.length - missed) : undefined;
  }
}
