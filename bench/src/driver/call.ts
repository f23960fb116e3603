import { randomUUID } from 'node:crypto';
import type { Client } from './client.js';
import { CANDIDATES, makePayloads, type Payloads } from './payloads.js';
import type { Incoming, Leg, Protocol } from './protocols/protocol.js';

const BURST = 5;
/** How the line of every candidate begins, in messages of every protocol. */
const LINE = '"candidate:';

interface Side {
  client: Client;
  leg: Leg;
  payloads: Payloads;
  sentAt: number[];
  /** Candidates of the other side that have arrived, in order. */
  arrived: number;
  /** Messages that the server has still to acknowledge, to clients that ask for it. */
  unanswered: number;
}

interface Outcome {
  /** How the call ended, when something was missing, wrong or out of order. */
  fault?: string;
}

/** Hears of each candidate that was not sent before the call was accepted: its way took this many milliseconds. */
export type OnLatency = (milliseconds: number) => void;

/**
 * One call, both sides of it. The caller sends the offer and, as browsers do, a first burst of candidates at once;
 * the callee accepts and sends a burst; the answer brings the caller's second burst, that one the callee's;
 * with all 20 there the caller hangs up. All of it must come out, each thing once, in order, with its content,
 * in however many messages; and what asks for an acknowledgement must get it.
 */
export class Call {
  readonly startedAt = performance.now();
  readonly caller: Client;
  readonly callee: Client;
  readonly #callerSide: Side;
  readonly #calleeSide: Side;
  readonly #onLatency: OnLatency;
  readonly #onEnd: (outcome: Outcome) => void;
  #rung = false;
  #answered = false;
  #ended = false;
  #over = false;

  constructor(
    [caller, callee]: readonly [Client, Client],
    number: number,
    on: { latency: OnLatency; end: (outcome: Outcome) => void },
  ) {
    this.caller = caller;
    this.callee = callee;
    const callId = randomUUID();
    this.#callerSide = makeSide(callId, [caller, callee], makePayloads('offer', number));
    this.#calleeSide = makeSide(callId, [callee, caller], makePayloads('answer', number));
    this.#onLatency = on.latency;
    this.#onEnd = on.end;
    caller.listener = (incoming, text) => this.#atCaller(incoming, text);
    callee.listener = (incoming, text) => this.#atCallee(incoming, text);
  }

  start(): void {
    const side = this.#callerSide;
    send(side, (protocol, leg) => protocol.call(leg, side.payloads.description));
    sendBurst(side);
  }

  /** Ends the call on the driver's side; later messages of it are ignored. */
  finish(outcome: Outcome): void {
    if (this.#over) return;
    this.#over = true;
    this.caller.listener = undefined;
    this.callee.listener = undefined;
    this.#onEnd(outcome);
  }

  #atCallee(incoming: Incoming, text: string): void {
    const side = this.#calleeSide;
    switch (incoming.kind) {
      case 'offer':
        if (!this.#arrivedWhole(this.#callerSide, text)) break;
        this.#rung = true;
        side.leg.callId = incoming.callId;
        this.#callerSide.leg.callId = incoming.callId;
        send(side, (protocol, leg) => protocol.accept(leg, side.payloads.description));
        sendBurst(side);
        break;
      case 'candidate':
        if (!this.#rung) this.finish({ fault: 'a candidate came before the offer' });
        else if (this.#receiveCandidates(side, this.#callerSide, text) === CANDIDATES) sendBurst(side);
        break;
      case 'taken':
        this.#taken(side);
        break;
      case 'end':
        this.#ended = true;
        if (this.#callerSide.arrived !== CANDIDATES) this.finish({ fault: 'the call ended early' });
        this.#finishWhenAnswered();
        break;
      case 'refusal':
        this.finish({ fault: text.slice(0, 200) });
    }
  }

  #atCaller(incoming: Incoming, text: string): void {
    const side = this.#callerSide;
    switch (incoming.kind) {
      case 'answer':
        if (!this.#arrivedWhole(this.#calleeSide, text)) break;
        this.#answered = true;
        sendBurst(side);
        break;
      case 'candidate':
        if (!this.#answered) this.finish({ fault: 'a candidate came before the answer' });
        else if (this.#receiveCandidates(side, this.#calleeSide, text) === CANDIDATES) {
          send(side, (protocol, leg) => protocol.end(leg));
        }
        break;
      case 'taken':
        this.#taken(side);
        break;
      case 'end':
      case 'refusal':
        this.finish({ fault: text.slice(0, 200) });
    }
  }

  #arrivedWhole(from: Side, text: string): boolean {
    if (text.includes(from.payloads.sdp)) return true;
    this.finish({ fault: 'a session description was changed' });
    return false;
  }

  /** Takes what a message holds. @returns how many candidates have arrived in all, and 0 when this one is wrong */
  #receiveCandidates(to: Side, from: Side, text: string): number {
    let at = text.indexOf(LINE);
    if (at < 0) this.finish({ fault: 'a message of candidates held none' });
    for (; at >= 0 && !this.#over; at = text.indexOf(LINE, at + LINE.length)) {
      const expected = from.payloads.candidates[to.arrived];
      const sentAt = from.sentAt[to.arrived];
      if (expected === undefined || sentAt === undefined || !text.startsWith(expected.line, at)) {
        this.finish({ fault: `candidate ${to.arrived} was lost, repeated, changed or out of order` });
        break;
      }
      // The caller's first burst may have been held until the accept: that wait is no relay time.
      if (from !== this.#callerSide || to.arrived >= BURST) this.#onLatency(performance.now() - sentAt);
      to.arrived += 1;
    }
    return this.#over ? 0 : to.arrived;
  }

  #taken(side: Side): void {
    side.unanswered -= 1;
    if (side.unanswered < 0) this.finish({ fault: 'a message was acknowledged twice' });
    this.#finishWhenAnswered();
  }

  #finishWhenAnswered(): void {
    if (this.#ended && this.#callerSide.unanswered + this.#calleeSide.unanswered === 0) this.finish({});
  }
}

function makeSide(callId: string, [client, peer]: readonly [Client, Client], payloads: Payloads): Side {
  const leg: Leg = { self: client.user, peer: peer.user, callId, sent: 0 };
  return { client, payloads, leg, sentAt: [], arrived: 0, unanswered: 0 };
}

function sendBurst(side: Side): void {
  const { sentAt, client } = side;
  const burst = side.payloads.candidates.slice(sentAt.length, sentAt.length + BURST);
  const { batch } = client.protocol;
  if (batch !== undefined) {
    for (const _ of burst) sentAt.push(performance.now());
    const candidates = burst.map(({ json }) => json);
    send(side, (_, leg) => batch(leg, candidates));
    return;
  }
  for (const { json } of burst) {
    sentAt.push(performance.now());
    send(side, (protocol, leg) => protocol.candidate(leg, json));
  }
}

function send(side: Side, write: (protocol: Protocol, leg: Leg) => string): void {
  const { client, leg } = side;
  leg.sent += 1;
  if (client.protocol.isAcknowledged) side.unanswered += 1;
  client.send(write(client.protocol, leg));
}
