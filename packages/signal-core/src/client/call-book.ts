import type { ClientPayload } from '../protocol/client-events.js';
import { SignalingError } from '../protocol/errors.js';
import { LIMITS } from '../protocol/limits.js';
import type { LiveCallInfo, ServerPayloads, UserRef } from '../protocol/server-events.js';
import { type CallMessage, callMessage } from './call-message.js';
import { CallReturns } from './call-returns.js';
import { advance } from './call-stream.js';
import type { ReportError } from './emitter.js';
import type { IceServerList } from './ice-configuration.js';
import type { Joined, Link } from './link.js';
import { type CallHost, LiveCall } from './live-call.js';
import type { CallFacts, SignalingCall } from './signaling-call.js';
import { takeMessage } from './take-message.js';

export interface BookOptions {
  readonly self: UserRef;
  readonly report: ReportError;
  iceServers(): IceServerList;
  onIncoming(call: SignalingCall): void;
}

type ResumePoints = NonNullable<ClientPayload<'join'>['resume']>;

/** A client's calls: finds the one that an event is about, and brings them over a loss. */
export class CallBook implements CallHost {
  readonly #options: BookOptions;
  readonly #calls = new Map<string, LiveCall>();
  /** Rings that the application has not been told of. */
  readonly #withheld = new Map<string, LiveCall>();
  readonly #returns = new CallReturns();
  /** Placed at a server that chooses the ids itself, and has not told this one yet. */
  readonly #unnamed = new Set<LiveCall>();
  #link: Link | undefined;
  #isLegacy = false;

  constructor(options: BookOptions) {
    this.#options = options;
  }

  get self(): UserRef {
    return this.#options.self;
  }

  get report(): ReportError {
    return this.#options.report;
  }

  get iceServers(): IceServerList {
    return this.#options.iceServers();
  }

  get isLegacy(): boolean {
    return this.#isLegacy;
  }

  /** Those that are not over. */
  get live(): LiveCall[] {
    return [...this.#calls.values()].filter(({ state }) => state !== 'ended');
  }

  /** Whether a call lives, or the server still has to hear of its end. */
  get isBusy(): boolean {
    return this.#calls.size > 0;
  }

  /** Up to where the events of each live call have come, for a server that may know them. */
  get resumePoints(): ResumePoints {
    return this.live
      .filter(({ role, sender }) => role === 'callee' || sender.outbox.wasUsed)
      .map(({ id: callId, stream }) => ({ callId, ...stream }))
      .slice(0, LIMITS.resumedCalls);
  }

  /**
   * A call of the callee that comes meanwhile is announced only if it is not the one that was first: the refusal
   * names that.
   */
  async place(facts: CallFacts): Promise<SignalingCall> {
    const call = this.#add(facts);
    if (this.#isLegacy) this.#unnamed.add(call);
    try {
      await call.place();
    } catch (error) {
      if (error instanceof SignalingError && error.code === 'glare') this.#withheld.delete(error.callId ?? '');
      throw error;
    } finally {
      this.#announce(call.peer.id);
    }
    return call;
  }

  /** There is a connection: every call goes on from where it was. */
  open(link: Link, joined: Joined): void {
    this.#link = link;
    this.#isLegacy = !link.acknowledges;
    this.#returns.open(this.#calls.values(), link, joined);
    for (const orphan of joined.calls ?? []) {
      if (this.#isOrphan(orphan)) link.request('end_call', { callId: orphan.callId }, () => {});
    }
  }

  hold(): void {
    this.#link = undefined;
    this.#returns.hold();
    for (const call of this.#calls.values()) call.sender.outbox.hold();
  }

  /** Nothing more will come. */
  close(): void {
    this.hold();
    for (const call of this.live) call.finish({ reason: 'closed' });
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
    takeMessage(call, message);
    const { event: name, payload: body } = message;
    if (name === 'call_status' && body.status === 'peer_reconnected') this.#returns.onPeerBack(call);
  }

  onNetworkChange(): void {
    for (const call of this.live) if (call.state === 'active') call.emit('networkChange');
  }

  onOver(call: LiveCall): void {
    this.#returns.release(call);
  }

  onSettled(call: LiveCall): void {
    this.#unnamed.delete(call);
    this.#calls.delete(call.id);
  }

  #onIncoming(payload: ServerPayloads['incoming_call']): void {
    const { callId, from, callType, offer, metadata } = payload;
    const known = this.#calls.get(callId);
    const stream = advance(known?.stream ?? { lastSeq: 0 }, payload);
    if (stream === undefined) return;
    if (known !== undefined) {
      known.stream = stream;
      if (known.state === 'active') this.#returns.onRungAgain(known);
      return;
    }
    const call = this.#add({ id: callId, role: 'callee', peer: from, callType, offer, metadata });
    call.stream = stream;
    this.#withheld.set(callId, call);
    if (!this.live.some(({ isPlacing, peer }) => isPlacing && peer.id === from.id)) this.#announce(from.id);
  }

  #announce(from: string): void {
    for (const call of this.#withheld.values()) {
      if (call.peer.id !== from) continue;
      this.#withheld.delete(call.id);
      if (call.state !== 'ended') this.#options.onIncoming(call);
    }
  }

  #add(facts: CallFacts): LiveCall {
    const call = new LiveCall(facts, this);
    this.#calls.set(call.id, call);
    if (this.#link !== undefined) call.sender.outbox.open(this.#link);
    return call;
  }

  /** A call that an earlier page under the same device id has left. A ring is not: it is shown again. */
  #isOrphan({ callId, here, role, status }: LiveCallInfo): boolean {
    return here && !this.#calls.has(callId) && (role === 'caller' || status === 'active');
  }

  #find({ payload }: CallMessage): LiveCall | undefined {
    return this.#calls.get(payload.callId) ?? (this.#isLegacy ? this.#findLegacy(payload) : undefined);
  }

  /** Candidates name no call there, and an id that is new is that of the call just placed. */
  #findLegacy({ callId, from }: { callId?: string; from?: string }): LiveCall | undefined {
    if (from !== undefined) return this.live.find(({ peer }) => peer.id === from);
    const [call] = this.#unnamed;
    if (call === undefined || callId === undefined) return call;
    this.#unnamed.delete(call);
    this.#calls.delete(call.id);
    call.id = callId;
    this.#calls.set(callId, call);
    return call;
  }
}
