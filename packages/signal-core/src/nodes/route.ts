import type { Candidate } from '../calls/candidate.js';
import type { Deliver } from '../calls/deliver.js';
import { type End, endsOf, isLive, type LiveCall } from '../domain/call.js';
import type { Feature } from '../domain/feature.js';
import type { CallId, DeviceKey, NodeId } from '../domain/ids.js';
import type { ServerEvent, ServerPayloads } from '../protocol/server-events.js';
import type { NodeMessage, RelayedEvent } from '../stores/nodes.js';
import type { KnownCalls } from './known-calls.js';

/** The devices of this node. */
interface OwnDevices extends Deliver {
  /** The connection that spoke last for a device that is held here. */
  socketOf(device: DeviceKey): string | undefined;
}

interface Parts {
  devices: OwnDevices;
  known: KnownCalls;
  /** What this node is called now. */
  self(): NodeId;
  /** Where a device has gone that was here until lately: the call may not know yet. */
  movedTo(device: DeviceKey): NodeId | undefined;
  send(to: NodeId, message: NodeMessage): void;
}

/**
 * The way of what devices have for each other within a call: straight to a device that is held here, else by one message
 * to the node that holds it.
 *
 * @see SPEC.md, rules NODE-3 and NODE-4
 */
export class Route implements Deliver {
  readonly #parts: Parts;
  /** How many messages were sent, by call, and by sender and receiver. */
  readonly #sent = new Map<CallId, { run: number; counts: Map<string, number> }>();
  #runs = 0;
  /** Devices of other nodes that show a call, and take the caller's candidates. */
  readonly #shownBy = new Map<CallId, Map<DeviceKey, Showing | undefined>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  toDevice<E extends ServerEvent>(device: DeviceKey, event: E, payload: ServerPayloads[E]): boolean {
    const { devices } = this.#parts;
    if (devices.socketOf(device) !== undefined) return devices.toDevice(device, event, payload);
    const relayed = asRelayed(event, payload);
    return relayed !== undefined && this.#toNode(device, relayed);
  }

  closeCall(device: DeviceKey, callId: CallId): void {
    this.#parts.devices.closeCall(device, callId);
  }

  /** Batches are parted where they arrive. */
  takes(device: DeviceKey, feature: Feature, callId: CallId = ''): boolean {
    const { devices } = this.#parts;
    if (devices.socketOf(device) !== undefined) return devices.takes(device, feature, callId);
    if (feature === 'early_candidates') return this.#shownBy.get(callId)?.has(device) ?? false;
    return feature === 'ice_batch';
  }

  /** A device of another node shows a call. @returns whether this was not heard before: what is told comes twice, and late */
  shown(device: DeviceKey, callId: CallId, showing?: Showing): boolean {
    const shownBy = this.#shownBy.get(callId) ?? new Map<DeviceKey, Showing | undefined>();
    const last = shownBy.get(device);
    if (last !== undefined && (showing === undefined || (showing.from === last.from && showing.n <= last.n)))
      return false;
    this.#shownBy.set(callId, shownBy.set(device, showing));
    return true;
  }

  /** The call is over. */
  forget(callId: CallId): void {
    this.#sent.delete(callId);
    this.#shownBy.delete(callId);
  }

  #toNode(to: DeviceKey, { callId, ...relayed }: Relayed): boolean {
    const { known, self, movedTo, send } = this.#parts;
    const found = known.of(to, callId);
    if (found === undefined || !isLive(found.call)) return false;
    const { scope, call } = found;
    const named = endsOf(call).find(({ device }) => device === to)?.node;
    const node = named === self() ? movedTo(to) : named;
    if (node === undefined || node === self()) return false;
    const from = (to === call.caller.device ? calleeOf(call) : call.caller).device;
    const count = this.#count(callId, `${from} ${to}`);
    send(node, { type: 'relay', scope, callId, version: call.version, from, to, ...count, ...relayed });
    return true;
  }

  #count(callId: CallId, pair: string): { run: number; n: number } {
    const known = this.#sent.get(callId);
    if (known === undefined) this.#runs += 1;
    const sent = known ?? { run: this.#runs, counts: new Map<string, number>() };
    if (known === undefined) this.#sent.set(callId, sent);
    const n = (sent.counts.get(pair) ?? 0) + 1;
    sent.counts.set(pair, n);
    return { run: sent.run, n };
  }
}

/** One showing of a call, by the node that told of it. */
interface Showing {
  from: NodeId;
  n: number;
}

interface Relayed {
  callId: CallId;
  event: RelayedEvent;
  payload: object;
}

/** Only what devices have for each other: of their calls other nodes tell them. */
function asRelayed<E extends ServerEvent>(event: E, payload: ServerPayloads[E]): Relayed | undefined {
  switch (event) {
    case 'ice_candidate': {
      // the payload is that of the event, which the compiler does not follow
      const { callId, from, candidate } = payload as ServerPayloads['ice_candidate'];
      const candidates: Candidate[] = [candidate];
      return { callId, event: 'ice_candidates', payload: { callId, from, candidates } };
    }
    case 'ice_candidates':
    case 'session_description':
    case 'call_info':
      return { callId: (payload as ServerPayloads['call_info']).callId, event, payload };
    default:
      return undefined;
  }
}

/** While it rings, only the caller sends anything to devices of others. */
function calleeOf(call: LiveCall): Pick<End, 'device'> {
  return call.status === 'active' ? call.callee : call.caller;
}
