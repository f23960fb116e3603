import type { Change } from './calls/call-context.js';
import type { Deliver } from './calls/deliver.js';
import { SignalRelay } from './calls/signal-relay.js';
import type { Clock } from './clock.js';
import type { Call } from './domain/call.js';
import type { Effect } from './domain/effect.js';
import type { CallId } from './domain/ids.js';
import { runEffects } from './effects/run-effects.js';
import type { Devices } from './gateway/devices.js';
import type { Limits } from './limits.js';
import type { InOrder } from './nodes/in-order.js';
import type { KnownCall } from './nodes/known-calls.js';
import { relayReceiver } from './nodes/receive-relay.js';
import { Route } from './nodes/route.js';
import { tellShown } from './nodes/shown.js';
import type { ThisNode } from './nodes/this-node.js';

interface Parts {
  node: ThisNode;
  devices: Devices;
  limits: Limits;
  clock: Clock;
  /** As the store has it. */
  read(scope: string, id: CallId): Promise<Call | undefined>;
}

/**
 * What has become of calls, and what passes in them, on its way to the devices of one node among several.
 *
 * @see SPEC.md, rules NODE-2 to NODE-4
 */
export class Tidings {
  readonly route: Route;
  readonly relay: SignalRelay;
  /** What devices of other nodes sent. */
  readonly arrivals: InOrder;
  readonly #node: ThisNode;
  readonly #devices: Devices;

  constructor({ node, devices, limits, clock, read }: Parts) {
    const { known } = node;
    this.#node = node;
    this.#devices = devices;
    this.route = new Route({
      devices,
      known,
      self: () => node.name,
      movedTo: (device) => node.movedTo(device),
      send: (to, message) => node.send(to, message),
      arrivals: () => this.arrivals,
    });
    this.relay = new SignalRelay(this.route, limits);
    this.arrivals = relayReceiver({
      clock,
      devices,
      known,
      look: (scope, id) => {
        read(scope, id).then(
          (call) => call && this.learn(scope, call),
          () => {},
        );
      },
    });
  }

  /** Whoever has found out what has become of a call: the devices of this node hear what is new to them. */
  learn(scope: string, call: Call): void {
    this.tell(this.#node.known.learn(scope, call));
    this.arrivals.wake(call.id);
  }

  /** Commits of this node: the others are told, then its own devices. */
  committed(scope: string, changes: Change[], effects: Effect[]): void {
    this.tell(this.#node.committed(scope, changes, effects));
    for (const { after } of changes) this.arrivals.wake(after.id);
  }

  /** The host is told by the node that commits. */
  tell(effects: Effect[], deliver: Deliver = this.#devices): void {
    runEffects(effects, {
      deliver,
      relay: this.relay,
      onShown: (device, call) => tellShown(this.#node, this.#devices, device, call),
    });
  }

  /** Calls of which nobody here is told any more. */
  forget(calls: KnownCall[]): void {
    for (const { call } of calls) {
      this.relay.forget(call);
      this.route.forget(call.id);
      this.arrivals.forget(call.id);
    }
  }
}
