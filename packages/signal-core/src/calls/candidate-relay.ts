import type { ActiveCall, Description, EndedCall, RingingCall } from '../domain/call.js';
import { type CallId, type DeviceKey, type UserId, userOf } from '../domain/ids.js';
import { type Candidate, fitsDescription, iceUfrags } from './candidate.js';
import type { Deliver } from './deliver.js';
import { EarlyCandidates } from './early-candidates.js';

/** How many candidates wait for an answer, by device and call; Chrome gathers 10 to 30. */
const MAX_HELD = 200;

/** What a device's gateway needs to know of one call to relay within it without asking a store. */
interface Leg {
  callId: CallId;
  peerUser: UserId;
  /** The device at the other end; nobody yet while the call rings. */
  peer: DeviceKey | undefined;
  /** This side's description, until what is held has been held against it. */
  sdp: string;
  held: Candidate[];
}

export type RelayOutcome =
  | { ok: true }
  | { ok: false; code: 'rate_limited' }
  | { ok: false; code: 'not_in_call'; callId: CallId };

/**
 * The hot path: candidates go from device to device by what the effects of committed calls left here.
 * Those that come before the peer can take them wait, in order.
 *
 * @see SPEC.md, section ICE
 */
export class CandidateRelay {
  readonly #legs = new Map<DeviceKey, Leg[]>();
  readonly #devices = new Map<CallId, Set<DeviceKey>>();
  readonly #early = new EarlyCandidates();
  readonly #deliver: Deliver;

  constructor(deliver: Deliver) {
    this.#deliver = deliver;
  }

  /** A candidate from a device for a user, in the call named or the only one that the two have. */
  relay(
    device: DeviceKey,
    message: { to: UserId; callId?: CallId | undefined; candidate: Candidate },
    now: number,
  ): RelayOutcome {
    const { to, callId, candidate } = message;
    const leg = this.#legs
      .get(device)
      ?.find((own) => own.peerUser === to && (callId === undefined || own.callId === callId));
    if (leg === undefined) {
      if (callId !== undefined) return { ok: false, code: 'not_in_call', callId };
      return this.#early.hold(device, to, candidate, now) ? { ok: true } : { ok: false, code: 'rate_limited' };
    }
    if (leg.peer !== undefined) this.#send(leg, device, leg.peer, candidate);
    else if (leg.held.length < MAX_HELD) leg.held.push(candidate);
    else return { ok: false, code: 'rate_limited' };
    return { ok: true };
  }

  /** Whether the device is in a call or rung for one. */
  isEngaged(device: DeviceKey): boolean {
    return this.#legs.has(device);
  }

  /** The call rings: the caller's early candidates become the call's. */
  place(call: RingingCall): void {
    const device = call.caller.device;
    const leg = this.#addLeg(device, call.id, call.to.id);
    leg.sdp = call.offer.sdp;
    leg.held.push(...this.#early.take(device, call.to.id, call.startedAt));
  }

  ring(device: DeviceKey, call: RingingCall): void {
    this.#addLeg(device, call.id, call.from.id);
  }

  /** The call is answered: what waited goes out, the caller's to the winner, the winner's to the caller. */
  open(call: ActiveCall, answer?: Description<'answer'>): void {
    const caller = this.#addLeg(call.caller.device, call.id, call.to.id);
    const callee = this.#addLeg(call.callee.device, call.id, call.from.id);
    caller.peer = call.callee.device;
    callee.peer = call.caller.device;
    callee.sdp = answer?.sdp ?? '';
    this.#flush(caller, call.caller.device, call.callee.device);
    this.#flush(callee, call.callee.device, call.caller.device);
  }

  /** The device has no more part in the call. */
  drop(device: DeviceKey, callId: CallId): void {
    const rest = this.#legs.get(device)?.filter((leg) => leg.callId !== callId) ?? [];
    if (rest.length > 0) this.#legs.set(device, rest);
    else this.#legs.delete(device);
    this.#devices.get(callId)?.delete(device);
  }

  /** A caller that was replaced has hung up and dials again: what it sent since belongs to its next call. */
  close({ id: callId, reason, callerDevice, endedAt }: EndedCall): void {
    const left = reason === 'replaced' ? this.#legs.get(callerDevice)?.find((leg) => leg.callId === callId) : undefined;
    for (const candidate of left?.held ?? []) this.#early.hold(callerDevice, left?.peerUser ?? '', candidate, endedAt);
    for (const device of this.#devices.get(callId) ?? []) this.drop(device, callId);
    this.#devices.delete(callId);
  }

  /** Lets early candidates that nobody called for go. */
  sweep(now: number): void {
    this.#early.sweep(now);
  }

  #addLeg(device: DeviceKey, callId: CallId, peerUser: UserId): Leg {
    const legs = this.#legs.get(device) ?? [];
    const known = legs.find((leg) => leg.callId === callId);
    if (known !== undefined) return known;
    const leg: Leg = { callId, peerUser, peer: undefined, sdp: '', held: [] };
    this.#legs.set(device, [...legs, leg]);
    const devices = this.#devices.get(callId);
    if (devices === undefined) this.#devices.set(callId, new Set([device]));
    else devices.add(device);
    return leg;
  }

  #flush(leg: Leg, from: DeviceKey, to: DeviceKey): void {
    const { held, sdp } = leg;
    leg.held = [];
    leg.sdp = '';
    if (held.length === 0) return;
    const ufrags = held.some((candidate) => candidate?.usernameFragment) ? iceUfrags(sdp) : new Set<string>();
    for (const candidate of held) if (fitsDescription(candidate, ufrags)) this.#send(leg, from, to, candidate);
  }

  #send(leg: Leg, from: DeviceKey, to: DeviceKey, candidate: Candidate): void {
    this.#deliver.toDevice(to, 'ice_candidate', { callId: leg.callId, from: userOf(from), candidate });
  }
}
