import type { EndReason } from './end-reason.js';
import type { CallId, DeviceKey, NodeId, UserId } from './ids.js';
import type { Json } from './json.js';

export type { EndReason } from './end-reason.js';
export type CallType = 'video' | 'audio';

export interface User {
  readonly id: UserId;
  readonly username: string;
}

export interface Description<Type extends 'offer' | 'answer'> {
  readonly type: Type;
  readonly sdp: string;
}

/** How a device hangs on to its call: `kept` means a legacy device came back and was given its old place. */
export type Link = { readonly state: 'up' | 'kept' } | { readonly state: 'lost'; readonly since: number };

/** One end of a call, or one device that is rung for it. */
export interface End {
  readonly device: DeviceKey;
  readonly link: Link;
  /** Who holds the device, where there are several nodes. */
  readonly node?: NodeId;
}

/** @param node - `undefined` where nobody says who holds the device, which changes nothing */
export function isHeldBy(end: End, node: NodeId | undefined): boolean {
  return node === undefined || end.node === node;
}

/**
 * @param node - who holds the device now; `undefined` for whoever did before
 * @returns the end under another link
 */
export function relinked({ device, node: before }: Omit<End, 'link'>, link: Link, node = before): End {
  return { device, link, ...(node !== undefined && { node }) };
}

interface CallFacts {
  readonly id: CallId;
  /** Counts the commits; a store accepts a call only on top of the version that was read. */
  readonly version: number;
  readonly from: User;
  readonly to: User;
  readonly callType: CallType;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

export interface RingingCall extends CallFacts {
  readonly status: 'ringing';
  readonly caller: End;
  readonly rung: readonly End[];
  readonly offer: Description<'offer'>;
  /** Of the application, for whoever is rung. */
  readonly metadata?: Json;
  readonly ringUntil: number;
  /** When the next deadline of the call falls, in epoch milliseconds. */
  readonly dueAt: number;
}

export interface ActiveCall extends CallFacts {
  readonly status: 'active';
  readonly caller: End;
  readonly callee: End;
  /** Kept: whoever tells the caller may fail between the commit and the telling. */
  readonly answer?: Description<'answer'>;
  readonly answeredAt: number;
  readonly dueAt: number;
}

export interface EndedCall extends CallFacts {
  readonly status: 'ended';
  readonly reason: EndReason;
  readonly endedAt: number;
  /** The devices that were the ends; a call that was never answered has no callee's device. */
  readonly callerDevice: DeviceKey;
  readonly calleeDevice?: DeviceKey;
  /** Whose command ended it, if anybody's. */
  readonly endedBy?: DeviceKey;
  /** Milliseconds from the answer to the end. */
  readonly durationMs?: number;
}

export type LiveCall = RingingCall | ActiveCall;
export type Call = LiveCall | EndedCall;

/** The times that calls are judged by, in milliseconds, and how many a user may have. */
export interface CallRules {
  readonly ringTimeoutMs: number;
  readonly graceMs: number;
  readonly ringingGraceMs: number;
  readonly maxCallMs: number;
  readonly maxCallsPerUser: number;
  /** Calls that may ring one user at a time. */
  readonly ringingPerUser: number;
}

/**
 * What stays true of a call that becomes another, one version on. Spread it last: V8 adds members to a spread object
 * one by one, some 5 µs in all.
 */
export function nextFacts({ id, version, from, to, callType, startedAt }: Call): CallFacts {
  return { id, version: version + 1, from, to, callType, startedAt };
}

export function isLive(call: Call): call is LiveCall {
  return call.status !== 'ended';
}

/** Both ends, or the caller and all that are rung. */
export function endsOf(call: LiveCall): End[] {
  return call.status === 'ringing' ? [call.caller, ...call.rung] : [call.caller, call.callee];
}

/** The devices that take part. */
export function devicesOf(call: LiveCall): DeviceKey[] {
  return endsOf(call).map(({ device }) => device);
}

/** Whether the device is in the call, as against only being rung for it. */
export function isInCall(call: LiveCall, device: DeviceKey): boolean {
  return call.caller.device === device || (call.status === 'active' && call.callee.device === device);
}

export function isParty(call: Call, user: UserId): boolean {
  return call.from.id === user || call.to.id === user;
}

/** Whether a new call of the device ends this one: its own that rings, or one that a legacy device was given back unasked. */
export function isReplacedBy(call: LiveCall, device: DeviceKey): boolean {
  if (call.status === 'ringing') return call.caller.device === device;
  return [call.caller, call.callee].some((end) => end.device === device && end.link.state === 'kept');
}
