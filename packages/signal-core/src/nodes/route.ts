import type { Candidate } from '../calls/candidate.js';
import type { Deliver } from '../calls/deliver.js';
import { type End, endsOf, isLive, type LiveCall } from '../domain/call.js';
import type { Feature } from '../domain/feature.js';
import type { CallId, DeviceKey, NodeId } from '../domain/ids.js';
import type { ServerEvent, ServerPayloads } from '../protocol/server-events.js';
import type { NodeMessage, RelayedEvent } from '../stores/nodes.js';
import type { InOrder, Position, RelayMessage } from './in-order.js';
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
  /** What was sent to devices before they came here, and comes behind them. */
  arrivals(): Pick<InOrder, 'isBehind' | 'take'>;
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
  readonly #sent = new Map<CallId, { run: number; counts: Map<string, Pair & { n: number }> }>();
  #runs = 0;
  /** Devices of other nodes that show a call, and take the caller's candidates. */
  readonly #shownBy = new Map<CallId, Map<DeviceKey, Showing | undefined>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  toDevice<E extends ServerEvent>(device: DeviceKey, event: E, payload: ServerPayloads[E]): boolean {
    const { devices } = this.#parts;
    const relayed = asRelayed(event, payload);
    if (devices.socketOf(device) === undefined) return relayed !== undefined && this.#toNode(device, relayed);
    return (relayed !== undefined && this.#follow(device, relayed)) || devices.toDevice(device, event, payload);
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

  /** Where a device that comes here is to begin with what was sent to it from here, unless it has got further. */
  sentTo(to: DeviceKey, callIds: readonly CallId[]): Position[] {
    return callIds.flatMap((callId) => {
      const sent = this.#sent.get(callId);
      const ways = [...(sent?.counts.values() ?? [])].filter((way) => way.to === to);
      return ways.map(({ from }) => ({
        callId,
        from,
        origin: this.#parts.self(),
        run: sent?.run ?? 0,
        next: 1,
        early: [],
      }));
    });
  }

  #toNode(to: DeviceKey, relayed: Relayed): boolean {
    const { self, movedTo, send } = this.#parts;
    const way = this.#wayTo(to, relayed.callId);
    if (way === undefined) return false;
    const named = endsOf(way.call).find(({ device }) => device === to)?.node;
    const node = named === self() ? movedTo(to) : named;
    if (node === undefined || node === self()) return false;
    send(node, this.#message(way, relayed));
    return true;
  }

  /** Nothing overtakes what was sent before the device came here. @returns whether it follows that */
  #follow(to: DeviceKey, relayed: Relayed): boolean {
    const { callId } = relayed;
    const sent = this.#sent.get(callId);
    if (sent === undefined) return false;
    const way = this.#wayTo(to, callId);
    if (way === undefined) return false;
    const { self, arrivals } = this.#parts;
    const n = sent.counts.get(keyOf(way))?.n ?? 0;
    if (!arrivals().isBehind({ ...way, callId, origin: self(), run: sent.run }, n)) return false;
    arrivals().take(self(), this.#message(way, relayed));
    return true;
  }

  #wayTo(to: DeviceKey, callId: CallId): Way | undefined {
    const found = this.#parts.known.of(to, callId);
    if (found === undefined || !isLive(found.call)) return undefined;
    const { scope, call } = found;
    return { scope, call, from: (to === call.caller.device ? calleeOf(call) : call.caller).device, to };
  }

  #message({ scope, call, from, to }: Way, relayed: Relayed): RelayMessage {
    return { type: 'relay', scope, version: call.version, from, to, ...this.#count(call.id, { from, to }), ...relayed };
  }

  #count(callId: CallId, pair: Pair): { run: number; n: number } {
    const known = this.#sent.get(callId);
    if (known === undefined) this.#runs += 1;
    const sent = known ?? { run: this.#runs, counts: new Map<string, Pair & { n: number }>() };
    if (known === undefined) this.#sent.set(callId, sent);
    const n = (sent.counts.get(keyOf(pair))?.n ?? 0) + 1;
    sent.counts.set(keyOf(pair), { ...pair, n });
    return { run: sent.run, n };
  }
}

/** One showing of a call, by the node that told of it. */
interface Showing {
  from: NodeId;
  n: number;
}

/** Who sends, and who gets it. */
interface Pair {
  from: DeviceKey;
  to: DeviceKey;
}

/** Both, in a call as it is known here. */
interface Way extends Pair {
  scope: string;
  call: LiveCall;
}

const keyOf = ({ from, to }: Pair) => `${from} ${to}`;

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
