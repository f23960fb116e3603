import type { ServerPayloads, UserRef } from '../protocol/server-events.js';
import { type CallMessage, callMessage } from './call-message.js';
import { advance } from './call-stream.js';
import type { ReportError } from './emitter.js';
import type { Joined, Link } from './link.js';
import { type CallFacts, type CallHost, LiveCall } from './live-call.js';
import type { CallEnd, SignalingCall } from './signaling-call.js';

export interface BookOptions {
  readonly self: UserRef;
  readonly report: ReportError;
  onIncoming(call: SignalingCall): void;
}

/** A client's calls: finds the one that an event is about, and brings them over a loss. */
export class CallBook implements CallHost {
  readonly #options: BookOptions;
  readonly #calls = new Map<string, LiveCall>();
  #link: Link | undefined;

  constructor(options: BookOptions) {
    this.#options = options;
  }

  get self(): UserRef {
    return this.#options.self;
  }

  get report(): ReportError {
    return this.#options.report;
  }

  get isLegacy(): boolean {
    return this.#link?.acknowledges === false;
  }

  /** Those that are not over. */
  get live(): LiveCall[] {
    return [...this.#calls.values()].filter(({ state }) => state !== 'ended');
  }

  async place(facts: CallFacts): Promise<SignalingCall> {
    const call = this.#add(facts);
    if (this.#link !== undefined) call.sender.outbox.open(this.#link);
    await call.place();
    return call;
  }

  /** There is a connection: every call goes on from where it was. */
  open(link: Link, _joined: Joined): void {
    this.#link = link;
    for (const call of this.#calls.values()) call.sender.outbox.open(link);
  }

  hold(): void {
    this.#link = undefined;
    for (const call of this.#calls.values()) call.sender.outbox.hold();
  }

  /** Nothing more will come. */
  close(end: CallEnd): void {
    for (const call of this.live) call.finish(end);
    for (const call of this.#calls.values()) call.sender.silence();
  }

  onEvent(event: string, payload: unknown): void {
    if (event === 'incoming_call') this.#onIncoming(Object(payload));
    const message = callMessage(event, payload);
    if (message === undefined) return;
    const call = this.#find(message);
    if (call === undefined) return;
    const stream = advance(call.stream, message.payload);
    if (stream === undefined) return;
    call.stream = stream;
    call.receive(message);
  }

  onSettled(call: LiveCall): void {
    this.#calls.delete(call.id);
  }

  #onIncoming(payload: ServerPayloads['incoming_call']): void {
    const { callId, from, callType, offer, metadata, seq = 0, streamId } = payload;
    const known = this.#calls.get(callId);
    const stream = streamId === undefined ? { lastSeq: seq } : { streamId, lastSeq: seq };
    if (known !== undefined) {
      // a ring that comes again, after a loss
      known.stream = stream;
      return;
    }
    const call = this.#add({ id: callId, role: 'callee', peer: from, callType, offer, metadata });
    call.stream = stream;
    if (this.#link !== undefined) call.sender.outbox.open(this.#link);
    this.#options.onIncoming(call);
  }

  #add(facts: CallFacts): LiveCall {
    const call = new LiveCall(facts, this);
    this.#calls.set(call.id, call);
    return call;
  }

  #find({ payload }: CallMessage): LiveCall | undefined {
    return this.#calls.get(payload.callId);
  }
}
