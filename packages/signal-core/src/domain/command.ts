import type { CallType, Description, User } from './call.js';
import type { CallId, DeviceKey, NodeId, UserId } from './ids.js';
import type { Json } from './json.js';

/** What can happen to a call that exists. `at` is epoch milliseconds, stamped where the command enters; `node` says who holds the device from now on. */
export type CallCommand =
  | { type: 'accept'; device: DeviceKey; node?: NodeId; answer: Description<'answer'>; at: number }
  | { type: 'reject'; device: DeviceKey; reason: 'declined' | 'busy'; at: number }
  | { type: 'end'; device: DeviceKey; at: number }
  /** The device calls somebody else. */
  | { type: 'replace'; device: DeviceKey; at: number }
  /** The device came online, or came back, while the call rings. */
  | { type: 'ring'; device: DeviceKey; node?: NodeId; at: number }
  /** The device is gone for good. */
  | { type: 'leave'; device: DeviceKey; at: number }
  /** The device's connection was lost. */
  | { type: 'lose'; device: DeviceKey; node?: NodeId; at: number }
  /** The device is back. A legacy device remembers its call by luck only. `isLate`: nobody knows what it was told before. */
  | { type: 'return'; device: DeviceKey; node?: NodeId; legacy: boolean; isLate?: boolean; at: number }
  | { type: 'remove'; reason: 'removed' | 'server_shutdown'; at: number }
  /** A deadline of the call may have come. */
  | { type: 'expire'; at: number };

/** A call that somebody wants to place. */
export interface PlaceCommand {
  callId: CallId;
  device: DeviceKey;
  node?: NodeId;
  from: User;
  /** The caller's: nobody else is rung. */
  scope: string;
  to: UserId;
  callType: CallType;
  offer: Description<'offer'>;
  metadata?: Json;
  at: number;
}

export type Refusal =
  | 'call_not_found'
  | 'invalid_state'
  | 'forbidden'
  | 'glare'
  | 'busy'
  | 'user_offline'
  | 'rate_limited';
