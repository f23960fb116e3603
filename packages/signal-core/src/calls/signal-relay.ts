import {
  type ActiveCall,
  type Call,
  type Description,
  devicesOf,
  type EndedCall,
  type LiveCall,
  type RingingCall,
} from '../domain/call.js';
import type { CallId, DeviceKey, UserId } from '../domain/ids.js';
import type { Json } from '../domain/json.js';
import type { KeptSent } from '../nodes/kept.js';
import type { Renegotiation } from '../protocol/signal.js';
import type { Candidate } from './candidate.js';
import type { Deliver } from './deliver.js';
import { EarlyCandidates } from './early-candidates.js';
import { hasRoomFor, heldFrom, isRepeated, type Leg, letGo } from './leg.js';
import { Legs } from './legs.js';
import { putBack, takeOut } from './move-leg.js';
import { sendCandidate, sendCandidates } from './send-candidates.js';

export type RelayOutcome =
  | { ok: true }
  | { ok: false; code: 'rate_limited' | 'invalid_state' }
  | { ok: false; code: 'not_in_call'; callId: CallId };

const RELAYED: RelayOutcome = { ok: true };
const TOO_MANY: RelayOutcome = { ok: false, code: 'rate_limited' };
const NOT_ANSWERED: RelayOutcome = { ok: false, code: 'invalid_state' };

/** What a device sends within a call. */
interface Message {
  callId: CallId;
  /** Its place among all that the device sends within the call, when the device counts. */
  seq?: number | undefined;
}

/**
 * The hot path: candidates, descriptions and what else the ends of a call have for each other go from device to device
 * by what the effects of committed calls left here. Candidates that come before the peer can take them wait, in order.
 *
 * @see SPEC.md, sections ICE and TALK
 */
export class SignalRelay {
  readonly #legs = new Legs();
  readonly #early = new EarlyCandidates();
  readonly #deliver: Deliver;
  readonly #candidatesPerGeneration: number;

  /** @param limits - candidates that one side may send by ICE generation */
  constructor(deliver: Deliver, { candidatesPerGeneration }: { candidatesPerGeneration: number }) {
    this.#deliver = deliver;
    this.#candidatesPerGeneration = candidatesPerGeneration;
  }

  /** A candidate from a device for a user, in the call named or the only one that the two have. */
  relay(
    device: DeviceKey,
    message: { to: UserId; callId?: CallId | undefined; candidate: Candidate; seq?: number | undefined },
    now: number,
  ): RelayOutcome {
    const { to, callId, candidate, seq } = message;
    const leg = this.#legs.findWith(device, to, callId);
    if (leg === undefined) {
      if (callId !== undefined) return { ok: false, code: 'not_in_call', callId };
      return this.#early.hold(device, to, candidate, now) ? RELAYED : TOO_MANY;
    }
    if (isRepeated(leg, seq)) return RELAYED;
    if (!hasRoomFor(leg, 1, this.#candidatesPerGeneration)) return TOO_MANY;
    leg.lastSeq = seq ?? leg.lastSeq;
    leg.trickled += 1;
    if (leg.peer !== undefined) {
      sendCandidate(this.#deliver, leg, leg.peer, candidate);
    } else {
      leg.held.push(candidate);
      this.#tellListeners(leg);
    }
    return RELAYED;
  }

  /** Several candidates at once; all are taken, or none. */
  relayBatch(device: DeviceKey, { callId, candidates, seq }: Message & { candidates: Candidate[] }): RelayOutcome {
    const leg = this.#legs.find(device, callId);
    if (leg === undefined) return { ok: false, code: 'not_in_call', callId };
    if (isRepeated(leg, seq)) return RELAYED;
    if (!hasRoomFor(leg, candidates.length, this.#candidatesPerGeneration)) return TOO_MANY;
    leg.lastSeq = seq ?? leg.lastSeq;
    leg.trickled += candidates.length;
    if (leg.peer !== undefined) {
      sendCandidates(this.#deliver, leg, leg.peer, candidates);
    } else {
      leg.held.push(...candidates);
      this.#tellListeners(leg);
    }
    return RELAYED;
  }

  /**
   * An offer, answer or rollback in an active call; an offer or answer begins this side's next ICE generation.
   *
   * @param show - makes of it what the peer may see; not asked for what goes nowhere
   */
  relayDescription(
    device: DeviceKey,
    message: Message & { description: Renegotiation },
    show = (description: Renegotiation) => description,
  ): RelayOutcome {
    return this.#toPeer(device, message, (leg, peer) => {
      const { callId, description } = message;
      if (description.type === 'offer' || description.type === 'answer') leg.trickled = 0;
      this.#deliver.toDevice(peer, 'session_description', { callId, from: leg.user, description: show(description) });
    });
  }

  /** What the applications have for each other in an active call. */
  relayInfo(device: DeviceKey, message: Message & { data: Json }): RelayOutcome {
    return this.#toPeer(device, message, (leg, peer) => {
      const { callId, data } = message;
      this.#deliver.toDevice(peer, 'call_info', { callId, from: leg.user, data });
    });
  }

  /** Whether the device is in a call or rung for one. */
  isEngaged(device: DeviceKey): boolean {
    return this.#legs.has(device);
  }

  /** The call rings: the caller's early candidates become the call's. */
  place(call: RingingCall): void {
    const caller = this.#legs.findOrAdd(call.caller.device, call.id, call.to.id);
    caller.sdp = call.offer.sdp;
    caller.held.push(...this.#early.take(caller.device, call.to.id, call.startedAt));
    caller.trickled = caller.held.length;
  }

  /**
   * The device is rung, perhaps anew: if it can, it follows the caller's candidates from the first on.
   *
   * @param isShown - whether it was told of the call just now
   */
  ring(device: DeviceKey, call: RingingCall, isShown: boolean): void {
    const rung = this.#legs.findOrAdd(device, call.id, call.from.id);
    const caller = this.#legs.find(call.caller.device, call.id);
    if (!isShown || caller === undefined) return;
    rung.heard = 0;
    if (!caller.listeners.includes(rung)) caller.listeners = [...caller.listeners, rung];
    this.#tell(rung, caller);
  }

  /** The call is answered: what waited goes out, the caller's to the winner, the winner's to the caller. */
  open(call: ActiveCall, answer?: Description<'answer'>): void {
    const caller = this.#legs.findOrAdd(call.caller.device, call.id, call.to.id);
    const callee = this.#legs.findOrAdd(call.callee.device, call.id, call.from.id);
    caller.peer = callee.device;
    callee.peer = caller.device;
    callee.sdp = answer?.sdp ?? '';
    sendCandidates(this.#deliver, caller, callee.device, heldFrom(caller, callee.heard));
    sendCandidates(this.#deliver, callee, caller.device, heldFrom(callee, 0));
    letGo(caller);
    letGo(callee);
  }

  /** The device has no more part in the call. */
  drop(device: DeviceKey, callId: CallId): void {
    this.#legs.drop(device, callId);
  }

  /** A caller that was replaced has hung up and dials again: what it sent since belongs to its next call. */
  close({ id: callId, from, to, reason, callerDevice, endedAt }: EndedCall): void {
    const left = reason === 'replaced' ? this.#legs.find(callerDevice, callId) : undefined;
    for (const candidate of left?.held ?? []) this.#early.hold(callerDevice, left?.peerUser ?? '', candidate, endedAt);
    this.#legs.dropCall({ callId, user: from.id, peerUser: to.id });
  }

  /**
   * The device goes to another node, with what it sent that waits.
   *
   * @param isHere - whether a device stays at this one: what it has for the other is still relayed
   */
  release(device: DeviceKey, isHere: (device: DeviceKey) => boolean): KeptSent {
    const legs = this.#legs.of(device).map((leg) => {
      const others = this.#legs.in(leg).filter((other) => other !== leg);
      const kept = takeOut(leg, others);
      if (!others.some((other) => isHere(other.device))) this.#legs.dropCall(leg);
      return kept;
    });
    return { legs, early: this.#early.release(device) };
  }

  /** The device comes from another node; what waited for a peer that is there by now goes out. */
  adopt(device: DeviceKey, { legs, early }: KeptSent): void {
    this.#early.adopt(device, early);
    for (const kept of legs) {
      const leg = putBack(this.#legs, device, kept);
      if (leg.peer === undefined) continue;
      const heard = this.#legs.find(leg.peer, leg.callId)?.heard;
      sendCandidates(this.#deliver, leg, leg.peer, heldFrom(leg, heard ?? 0));
      letGo(leg);
    }
  }

  /** No device of this node is in the call any more. */
  forget({ id: callId, from, to }: Call): void {
    this.#legs.dropCall({ callId, user: from.id, peerUser: to.id });
  }

  /** The device is here, and nothing of what it sent is: within the call, it begins anew. */
  know(device: DeviceKey, call: LiveCall): void {
    if (!devicesOf(call).includes(device) || this.#legs.find(device, call.id) !== undefined) return;
    const isCaller = device === call.caller.device;
    const leg = this.#legs.findOrAdd(device, call.id, isCaller ? call.to.id : call.from.id);
    if (call.status === 'active') leg.peer = isCaller ? call.callee.device : call.caller.device;
    else if (isCaller) leg.sdp = call.offer.sdp;
  }

  /** Lets early candidates that nobody called for go. */
  sweep(now: number): void {
    this.#early.sweep(now);
  }

  /** What cannot wait for an answer. */
  #toPeer(device: DeviceKey, { callId, seq }: Message, send: (leg: Leg, peer: DeviceKey) => void): RelayOutcome {
    const leg = this.#legs.find(device, callId);
    if (leg === undefined) return { ok: false, code: 'not_in_call', callId };
    if (isRepeated(leg, seq)) return RELAYED;
    if (leg.peer === undefined) return NOT_ANSWERED;
    leg.lastSeq = seq ?? leg.lastSeq;
    send(leg, leg.peer);
    return RELAYED;
  }

  #tellListeners(caller: Leg): void {
    for (const rung of caller.listeners) this.#tell(rung, caller);
  }

  /** Sends a rung device what is new; one that cannot take it now gets it when it is rung anew, or when it accepts. */
  #tell(rung: Leg, caller: Leg): void {
    const isRung = this.#legs.find(rung.device, rung.callId) === rung;
    if (!isRung || !this.#deliver.takes(rung.device, 'early_candidates', rung.callId)) {
      caller.listeners = caller.listeners.filter((other) => other !== rung);
      return;
    }
    const news = heldFrom(caller, rung.heard);
    rung.heard = caller.held.length;
    sendCandidates(this.#deliver, caller, rung.device, news);
  }
}
