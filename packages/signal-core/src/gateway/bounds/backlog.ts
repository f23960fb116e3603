import type { ServerResponse } from 'node:http';
import type { Socket as EngineSocket } from 'engine.io';
import type { Limits } from '../../limits.js';
import { tcpSocketOf, waitingIn } from '../wire.js';

/** What Engine.IO keeps for a client that polls, or whose WebSocket takes nothing more. */
type WaitingPackets = ReturnType<typeof waitingIn>;
type SlowLimits = Pick<Limits, 'waitingMs' | 'waitingBytes' | 'waitingPackets' | 'maxWaitingBytes'>;

/**
 * What waits for one client to read it: in the buffer of its TCP socket, by polling in that of the last answer, and in
 * that of Engine.IO behind it.
 *
 * @see SPEC.md, rule LIMIT-9
 */
export class Backlog {
  readonly #conn: EngineSocket;
  readonly #limits: SlowLimits;
  /** Engine.IO's buffer, as far as it was added up: it only grows, until all of it goes. */
  #counted: WaitingPackets = [];
  #countedPackets = 0;
  #countedBytes = 0;
  /** The last answer to a poll: its socket is its own until it is out. */
  #answer: ServerResponse | undefined;
  /** A moment at which this waited last in line: the total of bytes, or the packet. */
  #markedAt = 0;
  #markedTcp: ReturnType<typeof tcpSocketOf>;
  #markedBytes = 0;
  #markedPacket: WaitingPackets[number] | undefined;

  constructor(conn: EngineSocket, limits: SlowLimits) {
    this.#conn = conn;
    this.#limits = limits;
  }

  /** Whether more waits than for anybody, however briefly. Asked after every write. */
  get isOverflowing(): boolean {
    return this.#bytes > this.#limits.maxWaitingBytes;
  }

  /** Whether much waits, and some of it for long. Asked once a second; the age is never overrated. */
  isStale(now: number): boolean {
    if (!this.#isMarkWaiting()) this.#mark(now);
    const { waitingMs, waitingBytes, waitingPackets } = this.#limits;
    return now - this.#markedAt >= waitingMs && (this.#bytes >= waitingBytes || this.#packets >= waitingPackets);
  }

  /** A poll is being answered. @returns whether the answer before was read: who asks for the next has read it */
  answer(response: ServerResponse): boolean {
    const isRead = !this.#isAnswerWaiting;
    if (!isRead) this.#answer?.destroy();
    this.#answer = response;
    return isRead;
  }

  /** Nobody will read it. */
  drop(): void {
    if (this.#isAnswerWaiting) this.#answer?.destroy();
  }

  get #isAnswerWaiting(): boolean {
    return this.#answer !== undefined && !this.#answer.writableFinished && !this.#answer.destroyed;
  }

  get #tcp(): ReturnType<typeof tcpSocketOf> {
    return tcpSocketOf(this.#conn) ?? this.#answer?.socket ?? undefined;
  }

  get #bytes(): number {
    const waiting = waitingIn(this.#conn);
    const inTcp = this.#tcp?.writableLength ?? 0;
    return waiting.length === 0 ? inTcp : inTcp + this.#bytesOf(waiting);
  }

  get #packets(): number {
    const tcp = this.#tcp;
    return waitingIn(this.#conn).length + (tcp?._writableState?.bufferedRequestCount ?? 0);
  }

  #bytesOf(waiting: WaitingPackets): number {
    if (waiting !== this.#counted) {
      this.#counted = waiting;
      this.#countedPackets = 0;
      this.#countedBytes = 0;
    }
    for (; this.#countedPackets < waiting.length; this.#countedPackets += 1) {
      this.#countedBytes += waiting[this.#countedPackets]?.data?.length ?? 0;
    }
    return this.#countedBytes;
  }

  /** Whether what waited when the mark was made still does, if only the last of it. */
  #isMarkWaiting(): boolean {
    const tcp = this.#tcp;
    if (tcp !== undefined && tcp.writableLength > 0) {
      return tcp === this.#markedTcp && tcp.bytesWritten - tcp.writableLength < this.#markedBytes;
    }
    const [first] = waitingIn(this.#conn);
    return first !== undefined && first === this.#markedPacket;
  }

  #mark(now: number): void {
    this.#markedAt = now;
    this.#markedTcp = this.#tcp;
    this.#markedBytes = this.#markedTcp?.bytesWritten ?? 0;
    this.#markedPacket = waitingIn(this.#conn)[0];
  }
}
