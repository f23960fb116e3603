import type { CallId, DeviceKey, UserId } from './ids.js';

export type CallType = 'video' | 'audio';
export type EndReason =
  | 'hangup'
  | 'cancelled'
  | 'declined'
  | 'busy'
  | 'no_answer'
  | 'answered_elsewhere'
  | 'rejected_elsewhere'
  | 'replaced'
  | 'glare'
  | 'peer_disconnected'
  | 'removed'
  | 'max_duration'
  | 'server_shutdown';

export interface User {
  id: UserId;
  username: string;
}

export interface Description<Type extends 'offer' | 'answer'> {
  type: Type;
  sdp: string;
}

/** How a device hangs on to its call: `kept` means a legacy device came back and was given its old place. */
export type Link = { state: 'up' | 'kept' } | { state: 'lost'; since: number };

/** One end of a call, or one device that is rung for it. */
export interface End {
  device: DeviceKey;
  link: Link;
}

interface CallFacts {
  id: CallId;
  /** Counts the commits; a store accepts a call only on top of the version that was read. */
  version: number;
  from: User;
  to: User;
  callType: CallType;
  /** Epoch milliseconds. */
  startedAt: number;
}

export interface RingingCall extends CallFacts {
  status: 'ringing';
  caller: End;
  rung: End[];
  offer: Description<'offer'>;
  ringUntil: number;
  /** When the next deadline of the call falls, in epoch milliseconds. */
  dueAt: number;
}

export interface ActiveCall extends CallFacts {
  status: 'active';
  caller: End;
  callee: End;
  answeredAt: number;
  dueAt: number;
}

export interface EndedCall extends CallFacts {
  status: 'ended';
  reason: EndReason;
  endedAt: number;
  /** The devices that were the ends; a call that was never answered has no callee's device. */
  callerDevice: DeviceKey;
  calleeDevice?: DeviceKey;
  /** Whose command ended it, if anybody's. */
  endedBy?: DeviceKey;
  /** Milliseconds from the answer to the end. */
  durationMs?: number;
}

export type LiveCall = RingingCall | ActiveCall;
export type Call = LiveCall | EndedCall;

/** The times that calls are judged by, in milliseconds, and how many a user may have. */
export interface CallRules {
  ringTimeoutMs: number;
  graceMs: number;
  ringingGraceMs: number;
  maxCallMs: number;
  maxCallsPerUser: number;
}

/** What stays true of a call, whatever becomes of it. */
export function factsOf({ id, version, from, to, callType, startedAt }: Call): CallFacts {
  return { id, version, from, to, callType, startedAt };
}

export function isLive(call: Call): call is LiveCall {
  return call.status !== 'ended';
}

/** The devices that take part: both ends, or the caller and all that are rung. */
export function devicesOf(call: LiveCall): DeviceKey[] {
  return call.status === 'ringing'
    ? [call.caller.device, ...call.rung.map((end) => end.device)]
    : [call.caller.device, call.callee.device];
}

/** Whether the device is in the call, as against only being rung for it. */
export function isInCall(call: LiveCall, device: DeviceKey): boolean {
  return call.caller.device === device || (call.status === 'active' && call.callee.device === device);
}

export function isParty(call: Call, user: UserId): boolean {
  return call.from.id === user || call.to.id === user;
}
