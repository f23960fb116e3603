import type { ActiveCall, Description, EndedCall, EndReason, RingingCall } from './call.js';
import type { CallId, DeviceKey, UserId } from './ids.js';

/** What is to be done once a decision is committed: plain data, in order. */
export type Effect =
  | { type: 'placed'; call: RingingCall }
  | { type: 'ring'; device: DeviceKey; call: RingingCall }
  | { type: 'answered'; call: ActiveCall; answer: Description<'answer'> }
  /** The caller may not have been told that its call was answered. */
  | { type: 'answered_again'; call: ActiveCall; answer: Description<'answer'> }
  /** Both parties want a call back that was forgotten; `first` is the device that asked first, and waits. */
  | { type: 'restored'; call: ActiveCall; first: DeviceKey }
  /** The ends talk already: nobody is told, but what they send goes through here. */
  | { type: 'opened'; call: ActiveCall }
  | { type: 'rejected'; device: DeviceKey; callId: CallId; reason: 'declined' | 'busy' }
  | { type: 'ended'; device: DeviceKey; callId: CallId; reason: EndReason; by?: UserId; durationMs?: number }
  /** The device is not rung any more, without a word: it was gone for too long. */
  | { type: 'unrung'; device: DeviceKey; callId: CallId }
  | { type: 'peer_link'; device: DeviceKey; callId: CallId; status: 'peer_reconnecting' | 'peer_reconnected' }
  /** The call is over for everybody. */
  | { type: 'closed'; call: EndedCall };
