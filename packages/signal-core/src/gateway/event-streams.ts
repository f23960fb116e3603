import type { CallId } from '../domain/ids.js';
import type { ClientPayload } from '../protocol/client-events.js';
import type { ResumedCall } from '../protocol/server-events.js';
import { EventStream } from './event-stream.js';

/** How long the end of a call is kept for a device that may have missed it, in milliseconds. */
const END_KEPT_MS = 60_000;

type ResumePoint = NonNullable<ClientPayload<'join'>['resume']>[number];

/** The streams of one device, by call. */
export class EventStreams {
  readonly #streams = new Map<CallId, EventStream>();

  append(callId: CallId, text: string): string {
    const known = this.#streams.get(callId);
    const stream = known ?? new EventStream();
    if (known === undefined) this.#streams.set(callId, stream);
    return stream.append(text);
  }

  /** The device was told that the call is over. */
  end(callId: CallId, now: number): void {
    this.#streams.get(callId)?.end(now);
  }

  forget(callId: CallId): void {
    this.#streams.delete(callId);
  }

  sweep(now: number): void {
    for (const [callId, { endedAt = now }] of this.#streams) {
      if (now - endedAt >= END_KEPT_MS) this.#streams.delete(callId);
    }
  }

  /**
   * The device is back, and knows the calls that it names up to a point. The streams that go on are those that it
   * names and that are whole; the next event of any other call begins a new one.
   */
  resume(points: readonly ResumePoint[]): { resumed: ResumedCall[]; missed: string[] } {
    const missed: string[] = [];
    const recovered = new Set<CallId>();
    for (const { callId, streamId, lastSeq } of points) {
      const events = this.#streams.get(callId)?.after(lastSeq, streamId);
      if (events === undefined || recovered.has(callId)) continue;
      recovered.add(callId);
      missed.push(...events);
    }
    for (const callId of this.#streams.keys()) if (!recovered.has(callId)) this.#streams.delete(callId);
    return { resumed: points.map(({ callId }) => ({ callId, recovered: recovered.has(callId) })), missed };
  }
}
