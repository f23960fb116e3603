import type { DeviceKey } from '../domain/ids.js';
import type { KeptLeg } from '../nodes/kept.js';
import { type Leg, letGo } from './leg.js';
import type { Legs } from './legs.js';

/**
 * Takes out of a leg what its device sent, for the node that it moves to. What is known of the peer stays: it may still
 * be here.
 *
 * @param others - the other legs of the call
 */
export function takeOut(leg: Leg, others: readonly Leg[]): KeptLeg {
  const { callId, peerUser, peer, held, sdp, lastSeq, trickled, listeners } = leg;
  const heard = others
    .filter(({ user }) => peer === undefined && user === peerUser)
    .map((other) => ({ device: other.device, count: other.heard, follows: listeners.includes(other) }))
    .filter(({ count, follows }) => count > 0 || follows);
  letGo(leg);
  leg.lastSeq = 0;
  leg.trickled = 0;
  return { callId, peerUser, ...(peer !== undefined && { peer }), held, sdp, lastSeq, trickled, heard };
}

/**
 * Puts it back at the node where the device is now, which may know of the call already, and more of it. Where it comes
 * late, the device has gone on since.
 */
export function putBack(legs: Legs, device: DeviceKey, kept: KeptLeg): Leg {
  const leg = legs.findOrAdd(device, kept.callId, kept.peerUser);
  leg.peer ??= kept.peer;
  leg.held = [...kept.held, ...leg.held];
  leg.sdp = kept.sdp;
  leg.ufrags = undefined;
  leg.lastSeq = Math.max(leg.lastSeq, kept.lastSeq);
  leg.trickled = Math.max(leg.trickled, kept.trickled);
  for (const { device: rungDevice, count, follows } of kept.heard) {
    const rung = legs.findOrAdd(rungDevice, kept.callId, leg.user);
    rung.heard = count;
    if (follows) leg.listeners = [...leg.listeners, rung];
  }
  return leg;
}
