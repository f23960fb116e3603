import type { Deliver } from '../calls/deliver.js';
import type { SignalRelay } from '../calls/signal-relay.js';
import type { RingingCall } from '../domain/call.js';
import type { DeviceKey } from '../domain/ids.js';
import type { NodeMessage } from '../stores/nodes.js';
import type { KnownCalls } from './known-calls.js';
import type { ThisNode } from './this-node.js';

/**
 * A device of this node shows a call: if it takes candidates while it rings, whoever holds the caller sends them from now
 * on.
 *
 * @see SPEC.md, rules ICE-10 and NODE-1
 */
export function tellShown(node: ThisNode, devices: Deliver, device: DeviceKey, { id: callId }: RingingCall): void {
  const known = node.known.of(device, callId);
  if (known?.call.status !== 'ringing' || !devices.takes(device, 'early_candidates', callId)) return;
  const { node: callersNode } = known.call.caller;
  if (callersNode === undefined || callersNode === node.name) return;
  node.send(callersNode, { type: 'shown', scope: known.scope, callId, device, n: node.countShown() });
}

/** A device of another node shows a call of this one's caller, if it still rings. */
export function heedShown(
  known: KnownCalls,
  relay: SignalRelay,
  { scope, callId, device }: Extract<NodeMessage, { type: 'shown' }>,
): void {
  const call = known.get(scope, callId)?.call;
  if (call?.status !== 'ringing' || !call.rung.some((end) => end.device === device)) return;
  relay.ring(device, call, true);
}
