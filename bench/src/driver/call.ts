import type { Client } from './client.js';
import { CANDIDATES, makePayloads, type Payloads } from './payloads.js';
import type { Incoming, Leg } from './protocols/protocol.js';

const BURST = 5;

interface Side {
  client: Client;
  leg: Leg;
  payloads: Payloads;
  sentAt: number[];
  /** Candidates of the other side that have arrived, in order. */
  arrived: number;
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
 * with all 20 there the caller hangs up. 23 messages go in and 23 must come out, in order, with their content.
 */
export class Call {
  readonly startedAt = performance.now();
  readonly caller: Client;
  readonly callee: Client;
  readonly #callerSide: Side;
  readonly #calleeSide: Side;
  readonly #onLatency: OnLatency;
  readonly #onEnd: (outcome: Outcome) => void;
  #answered = false;
  #over = false;

  constructor(
    [caller, callee]: readonly [Client, Client],
    number: number,
    on: { latency: OnLatency; end: (outcome: Outcome) => void },
  ) {
    this.caller = caller;
    this.callee = callee;
    this.#callerSide = makeSide(caller, callee, makePayloads('offer', number));
    this.#calleeSide = makeSide(callee, caller, makePayloads('answer', number));
    this.#onLatency = on.latency;
    this.#onEnd = on.end;
    caller.listener = (incoming, text) => this.#atCaller(incoming, text);
    callee.listener = (incoming, text) => this.#atCallee(incoming, text);
  }

  start(): void {
    const { client, leg, payloads } = this.#callerSide;
    client.send(client.protocol.call(leg, payloads.description));
    sendBurst(this.#callerSide);
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
        side.leg.callId = incoming.callId;
        this.#callerSide.leg.callId = incoming.callId;
        side.client.send(side.client.protocol.accept(side.leg, side.payloads.description));
        sendBurst(side);
        break;
      case 'candidate':
        if (this.#receiveCandidate(side, this.#callerSide, text) === CANDIDATES) sendBurst(side);
        break;
      case 'end':
        this.finish(this.#callerSide.arrived === CANDIDATES ? {} : { fault: 'the call ended early' });
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
        else if (this.#receiveCandidate(side, this.#calleeSide, text) === CANDIDATES) {
          side.client.send(side.client.protocol.end(side.leg));
        }
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

  #receiveCandidate(to: Side, from: Side, text: string): number {
    const expected = from.payloads.candidates[to.arrived];
    const sentAt = from.sentAt[to.arrived];
    if (expected === undefined || sentAt === undefined || !text.includes(expected.line)) {
      this.finish({ fault: `candidate ${to.arrived} was lost, changed or out of order` });
      return 0;
    }
    // The caller's first burst may have been held until the accept: that wait is no relay time.
    if (from !== this.#callerSide || to.arrived >= BURST) this.#onLatency(performance.now() - sentAt);
    to.arrived += 1;
    return to.arrived;
  }
}

function makeSide(client: Client, peer: Client, payloads: Payloads): Side {
  return { client, payloads, leg: { self: client.user, peer: peer.user, callId: '' }, sentAt: [], arrived: 0 };
}

function sendBurst({ client, leg, payloads, sentAt }: Side): void {
  for (const candidate of payloads.candidates.slice(sentAt.length, sentAt.length + BURST)) {
    sentAt.push(performance.now());
    client.send(client.protocol.candidate(leg, candidate.json));
  }
}
