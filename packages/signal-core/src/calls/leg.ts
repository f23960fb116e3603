import { type CallId, type DeviceKey, type UserId, userOf } from '../domain/ids.js';
import { type Candidate, fitsDescription, iceUfrags } from './candidate.js';

/** How many candidates wait for an answer, by device and call; Chrome gathers 10 to 30. */
const MAX_HELD = 200;

/** What a device's gateway needs to know of one call to relay within it without asking a store. */
export interface Leg {
  readonly callId: CallId;
  readonly device: DeviceKey;
  readonly user: UserId;
  readonly peerUser: UserId;
  /** The device at the other end; nobody yet while the call rings. */
  peer: DeviceKey | undefined;
  /** What was sent before there was a peer. */
  held: Candidate[];
  /** The SDP that what is held must fit, and the fragments that it names, once they were asked for. */
  sdp: string;
  ufrags: Set<string> | undefined;
  /** Of a caller: the rung devices that take its candidates while it rings. */
  listeners: readonly Leg[];
  /** Of a rung device: how many of the caller's held candidates have been sent to it. */
  heard: number;
  /** The highest number taken of what the device sends. */
  lastSeq: number;
  /** Candidates taken since this side's last offer or answer. */
  trickled: number;
}

export function newLeg(device: DeviceKey, callId: CallId, peerUser: UserId): Leg {
  return {
    callId,
    device,
    user: userOf(device),
    peerUser,
    peer: undefined,
    held: [],
    sdp: '',
    ufrags: undefined,
    listeners: [],
    heard: 0,
    lastSeq: 0,
    trickled: 0,
  };
}

/** Whether the device has sent this before, and it was taken. */
export function isRepeated(leg: Leg, seq: number | undefined): boolean {
  return seq !== undefined && seq <= leg.lastSeq;
}

/**
 * Whether the side may send so many candidates more.
 *
 * @param max - candidates of one ICE generation
 */
export function hasRoomFor(leg: Leg, candidates: number, max: number): boolean {
  if (leg.trickled + candidates > max) return false;
  return leg.peer !== undefined || leg.held.length + candidates <= MAX_HELD;
}

/** What is held from a place on, without what is stale. */
export function heldFrom(leg: Leg, start: number): Candidate[] {
  const rest = leg.held.slice(start);
  if (!rest.some((candidate) => candidate?.usernameFragment)) return rest;
  leg.ufrags ??= iceUfrags(leg.sdp);
  const { ufrags } = leg;
  return rest.filter((candidate) => fitsDescription(candidate, ufrags));
}

/** There is a peer now: nothing is held any more. */
export function letGo(leg: Leg): void {
  leg.held = [];
  leg.sdp = '';
  leg.ufrags = undefined;
  leg.listeners = [];
}
