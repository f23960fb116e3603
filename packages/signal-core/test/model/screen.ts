import type { LiveCallInfo } from 'signal-core/protocol';
import type { CallId } from '../../src/domain/ids.ts';

/** What a call is to a device, as far as it knows. */
export type Part = 'calling' | 'rung' | 'talking' | 'over';

interface Stream {
  streamId: string;
  lastSeq: number;
}

type CallEvent = { callId: CallId; seq?: number; streamId?: string; status?: string; reason?: string };

/**
 * What one device believes, from what it did and what it was told alone, as an application would;
 * whatever an application could make no sense of is held against the server.
 */
export class Screen {
  readonly parts = new Map<CallId, Part>();
  /** Calls for which an `accept_call` is under way: what the caller sent may come before its answer. */
  readonly accepting = new Set<CallId>();
  /** Calls whose other end is said to be reconnecting. */
  readonly away = new Set<CallId>();
  /** How many connections have spoken for the device. */
  connections = 0;
  /** How refused `call_user`s were told. */
  readonly refusals: string[] = [];
  readonly #streams = new Map<CallId, Stream>();
  /** Calls that the present connection was told to go on, and where they stood. */
  readonly #resumed = new Map<CallId, Stream>();
  /** Rings that the present connection has shown. */
  readonly #shown = new Set<CallId>();
  /** Calls that it was in when its connection was lost. */
  #kept: CallId[] = [];
  readonly #isNumbered: boolean;
  readonly #blame: (what: string) => void;

  constructor({ isNumbered, blame }: { isNumbered: boolean; blame: (what: string) => void }) {
    this.#isNumbered = isNumbered;
    this.#blame = blame;
  }

  /** The calls that are not over. */
  live(): CallId[] {
    return [...this.parts].filter(([, part]) => part !== 'over').map(([callId]) => callId);
  }

  isLive(callId: CallId): boolean {
    const part = this.parts.get(callId);
    return part !== undefined && part !== 'over';
  }

  /** Up to where the device has heard of its calls, for `join`. */
  points(unsure: Iterable<CallId>): { callId: CallId; streamId?: string; lastSeq: number }[] {
    return [...new Set([...this.live(), ...unsure])].map((callId) => ({
      callId,
      ...(this.#streams.get(callId) ?? { lastSeq: 0 }),
    }));
  }

  /** A new connection speaks for the device: its rings are shown anew. */
  reconnected(): void {
    this.connections += 1;
    this.#shown.clear();
    this.#resumed.clear();
    this.accepting.clear();
    this.#kept = this.live().filter((callId) => this.parts.get(callId) !== 'rung');
  }

  /**
   * It has dialled, which hung up the call that it still had ringing; a legacy device hung up one that it was given
   * back, too.
   *
   * @param placed - the call that came of it, if one did
   */
  dialled(placed: CallId | undefined, isLegacy: boolean): void {
    for (const callId of this.live()) {
      const isKept = isLegacy && this.#kept.includes(callId);
      if (callId !== placed && (isKept || this.parts.get(callId) === 'calling')) this.parts.set(callId, 'over');
    }
  }

  /** The page is another, or its calls were given up: all that it knows of them is what `join_success` lists. */
  reset(calls: readonly LiveCallInfo[]): void {
    this.parts.clear();
    this.away.clear();
    this.#streams.clear();
    for (const call of calls) this.#adopt(call);
  }

  /** A call goes on, or its end follows: what is not known of it is whether it was placed at all. */
  resume(callId: CallId): void {
    this.#resumed.set(callId, this.#streams.get(callId) ?? { streamId: '', lastSeq: 0 });
  }

  /** One call could not be resumed, or was never heard of. */
  resetCall(callId: CallId, calls: readonly LiveCallInfo[]): void {
    this.#streams.delete(callId);
    if (this.parts.has(callId)) this.parts.set(callId, 'over');
    const listed = calls.find((call) => call.callId === callId);
    if (listed !== undefined) this.#adopt(listed);
  }

  /** The device's own command was carried out. */
  did(command: 'accept' | 'end', callId: CallId): void {
    if (command === 'end' && this.parts.has(callId)) this.parts.set(callId, 'over');
    if (command === 'accept' && this.parts.get(callId) === 'rung') this.parts.set(callId, 'talking');
  }

  leave(): void {
    for (const callId of this.live()) this.parts.set(callId, 'over');
  }

  /** An event about a call, other than words. */
  hear(event: string, payload: CallEvent): void {
    const { callId } = payload;
    const part = this.parts.get(callId);
    // of a ring that it missed, and that is made again when it is back
    if (part === undefined && payload.status?.startsWith('peer_')) return;
    // of a ring that its last connection was shown in the moment in which this one came
    if (part === undefined && this.#isNumbered && event === 'call_ended' && !this.#resumed.has(callId)) return;
    const isLostDial = part === undefined && this.#resumed.has(callId) && payload.status === undefined;
    // it names the other one's call, which may be over by then, and ends none (CALL-11, CALL-21)
    const isGlare = event === 'call_rejected' && payload.reason === 'glare';
    const isRefusal =
      isGlare ||
      (part === undefined && !isLostDial && (event === 'call_rejected' || payload.status === 'user_offline'));
    if (isRefusal) {
      this.refusals.push(event);
      return;
    }
    this.count(event, payload);
    if (payload.status === 'peer_reconnecting') this.away.add(callId);
    if (payload.status === 'peer_reconnected') this.away.delete(callId);
    const next = nextPart(event, payload.status, {
      part: isLostDial ? 'calling' : part,
      isShown: this.#shown.has(callId),
    });
    if (event === 'incoming_call') this.#shown.add(callId);
    if (next === undefined) this.#blame(`${event} ${payload.status ?? ''} of ${callId}, which is ${part ?? 'unknown'}`);
    else this.parts.set(callId, next);
  }

  /** Every event of a call to a device that resumes stands in a stream without gaps. */
  count(event: string, { callId, seq, streamId }: CallEvent): void {
    if (!this.#isNumbered) {
      if (seq !== undefined) this.#blame(`${event} has a number`);
      return;
    }
    const known = this.#streams.get(callId) ?? this.#resumed.get(callId);
    const stream = streamId === undefined ? known : { streamId, lastSeq: 0 };
    // of a call that is over its end is all that follows
    const isEnd = this.#resumed.has(callId) && (event === 'call_ended' || event === 'call_rejected');
    if (stream === undefined || seq === undefined || (isEnd ? seq <= stream.lastSeq : seq !== stream.lastSeq + 1)) {
      this.#blame(`${event} of ${callId} is number ${seq} after ${stream?.lastSeq}`);
      return;
    }
    this.#streams.set(callId, { ...stream, lastSeq: seq });
  }

  #adopt({ callId, here, status, role }: LiveCallInfo): void {
    if (!here) return;
    const ringing = role === 'caller' ? 'calling' : 'rung';
    this.parts.set(callId, status === 'active' ? 'talking' : ringing);
  }
}

/** @returns what the event makes of the call; `undefined` when it should not have come */
function nextPart(
  event: string,
  status: string | undefined,
  { part, isShown }: { part: Part | undefined; isShown: boolean },
): Part | undefined {
  const isLive = part !== undefined && part !== 'over';
  switch (event) {
    case 'call_status':
      if (status === 'ringing') return part === undefined ? 'calling' : undefined;
      return isLive ? part : undefined;
    case 'incoming_call':
      return part === undefined || (part === 'rung' && !isShown) ? 'rung' : undefined;
    case 'call_accepted':
      return part === 'calling' ? 'talking' : undefined;
    case 'call_rejected':
      return part === 'calling' ? 'over' : undefined;
    case 'call_ended':
      return isLive ? 'over' : undefined;
    default:
      return undefined;
  }
}
