import type { CallId } from '../domain/ids.js';
import type { KeptStream } from '../nodes/kept.js';
import type { ClientPayload } from '../protocol/client-events.js';
import type { ResumedCall } from '../protocol/server-events.js';
import { EventStream } from './event-stream.js';

/** How long the end of a call is kept for a device that may have missed it, in milliseconds. */
const END_KEPT_MS = 60_000;

type ResumePoint = NonNullable<ClientPayload<'join'>['resume']>[number];

/** The streams of one device, by call. */
export class EventStreams {
  readonly #streams = new Map<CallId, EventStream>();

  /** Those that another node began. */
  static from(kept: readonly KeptStream[]): EventStreams {
    const streams = new EventStreams();
    for (const stream of kept) streams.#streams.set(stream.callId, new EventStream(stream));
    return streams;
  }

  /** All of them, for another node to go on with. */
  toKept(): KeptStream[] {
    return [...this.#streams].map(([callId, stream]) => stream.toKept(callId));
  }

  append(callId: CallId, text: string): string {
    const known = this.#streams.get(callId);
    const stream = known ?? new EventStream();
    if (known === undefined) this.#streams.set(callId, stream);
    return stream.append(text);
  }

  /** Whether the device was told of the call, and nothing of that is missing. */
  has(callId: CallId): boolean {
    return this.#streams.has(callId);
  }

  /** The device was told that the call is over. */
  end(callId: CallId, now: number): void {
    this.#streams.get(callId)?.end(now);
  }

  /** @returns whether the device was told anything of the call */
  forget(callId: CallId): boolean {
    return this.#streams.delete(callId);
  }

  sweep(now: number): void {
    for (const [callId, { endedAt = now }] of this.#streams) {
      if (now - endedAt >= END_KEPT_MS) this.#streams.delete(callId);
    }
  }

  /**
   * The device is back, and knows the calls that it names up to a point. The streams that go on are those that it
   * names and that are whole; the next event of any other call begins a new one.
   *
   * @param areLate - nobody knows what the device was sent before these began, of which it has seen nothing: none is
   * recovered, and those that it names are new ones
   */
  resume(points: readonly ResumePoint[], areLate = false): { resumed: ResumedCall[]; missed: string[] } {
    const missed: string[] = [];
    const goOn = new Set<CallId>();
    for (const { callId, streamId, lastSeq } of points) {
      const stream = this.#streams.get(callId);
      const events = areLate ? stream?.all() : stream?.after(lastSeq, streamId);
      if (events === undefined || goOn.has(callId)) continue;
      goOn.add(callId);
      missed.push(...events);
    }
    for (const callId of this.#streams.keys()) if (!goOn.has(callId)) this.#streams.delete(callId);
    const resumed = points.map(({ callId }) => ({ callId, recovered: !areLate && goOn.has(callId) }));
    return { resumed, missed };
  }
}
