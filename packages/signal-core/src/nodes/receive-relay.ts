import type { Deliver } from '../calls/deliver.js';
import { sendCandidates } from '../calls/send-candidates.js';
import type { Clock } from '../clock.js';
import { type Call, devicesOf, isLive, type LiveCall } from '../domain/call.js';
import type { CallId, DeviceKey } from '../domain/ids.js';
import type { ServerPayloads } from '../protocol/server-events.js';
import { InOrder, type RelayMessage } from './in-order.js';
import type { KnownCalls } from './known-calls.js';

/** The devices of this node, as what comes from other nodes needs them. */
interface ReceivingDevices extends Deliver {
  /** What was sent to a device within a call has a gap: it comes back, if it can, and is told so. */
  spoil(device: DeviceKey, callId: CallId): void;
}

interface Parts {
  clock: Clock;
  devices: ReceivingDevices;
  known: KnownCalls;
  /** Reads a call from the store, and tells the devices of this node what is new to them. */
  look(scope: string, callId: CallId): void;
}

/** What devices of other nodes send to those of this one. */
export function relayReceiver({ clock, devices, known, look }: Parts): InOrder {
  return new InOrder({
    clock,
    stateOf({ scope, callId, version }) {
      const call = known.get(scope, callId)?.call;
      if (call === undefined) return 'behind';
      if (!isLive(call)) return 'over';
      return isAnswered(call) || call.version >= version ? 'ready' : 'behind';
    },
    startedAt: ({ scope, callId }) => known.get(scope, callId)?.call.startedAt ?? 0,
    ask: ({ scope, callId }) => look(scope, callId),
    deliver(message) {
      const { scope, callId, to } = message;
      const call = known.get(scope, callId)?.call;
      // another device may have answered meanwhile
      if (call === undefined || !isPartOf(call, to)) return;
      // whoever was lost is rung anew, and gets all of them then
      if (call.status === 'active' || devices.takes(to, 'early_candidates', callId)) deliver(devices, message);
    },
    missed({ scope, callId, to }) {
      const call = known.get(scope, callId)?.call;
      // of a call that is over for the device nothing is missing
      if (call === undefined || isPartOf(call, to)) devices.spoil(to, callId);
    },
  });
}

/** Whether the device rings, or talks. */
function isPartOf(call: Call, device: DeviceKey): call is LiveCall {
  return isLive(call) && devicesOf(call).includes(device);
}

/** Nothing that is relayed may come before the answer; after it, a later version changes nothing for it. */
function isAnswered(call: Call): boolean {
  return call.status === 'active';
}

/** Batches are parted for who does not take them. */
function deliver(devices: Deliver, { to, event, payload }: RelayMessage): void {
  // nodes of one release say to each other what they mean to say; what throws is told, and dropped
  switch (event) {
    case 'ice_candidates': {
      const { callId, from, candidates } = payload as ServerPayloads['ice_candidates'];
      sendCandidates(devices, { callId, user: from }, to, candidates);
      break;
    }
    case 'session_description':
      devices.toDevice(to, event, payload as ServerPayloads['session_description']);
      break;
    case 'call_info':
      devices.toDevice(to, event, payload as ServerPayloads['call_info']);
      break;
  }
}
