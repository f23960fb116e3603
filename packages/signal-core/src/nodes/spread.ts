import type { Change } from '../calls/call-context.js';
import { type Call, endsOf, isLive } from '../domain/call.js';
import type { DeviceKey, NodeId } from '../domain/ids.js';

/** The nodes that hold the ends of a call. */
export function nodesOf(call: Call): Set<NodeId> {
  const ends = isLive(call) ? endsOf(call) : [];
  return new Set(ends.map(({ node }) => node).filter((node) => node !== undefined));
}

/**
 * Which other nodes must hear of a commit: those of the ends that the call had, and has.
 *
 * @param movedTo - where a device has gone that was here until lately: the call may not know yet
 */
export function nodesToTell(
  { before, after }: Change,
  self: NodeId,
  movedTo: (device: DeviceKey) => NodeId | undefined,
): NodeId[] {
  if (before === after) return [];
  const nodes = new Set([...(before === undefined ? [] : nodesOf(before)), ...nodesOf(after)]);
  for (const call of [before, after]) {
    for (const { device } of call === undefined || !isLive(call) ? [] : endsOf(call)) {
      const node = movedTo(device);
      if (node !== undefined) nodes.add(node);
    }
  }
  nodes.delete(self);
  return [...nodes];
}
