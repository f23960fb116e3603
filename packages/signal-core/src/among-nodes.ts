import type { AllCalls } from './calls/all-calls.js';
import type { Outcome } from './calls/apply-command.js';
import type { CallContext, Change } from './calls/call-context.js';
import { deliverTo } from './calls/deliver.js';
import type { SignalRelay } from './calls/signal-relay.js';
import type { Dismissals } from './dismissals.js';
import type { Effect } from './domain/effect.js';
import type { CallId } from './domain/ids.js';
import type { Devices } from './gateway/devices.js';
import type { Gateway } from './gateway/gateway.js';
import type { Limits } from './limits.js';
import type { Logger } from './log.js';
import { type Ending, endAnyway } from './nodes/end-locally.js';
import { guardedStores } from './nodes/guarded-stores.js';
import { HandOver } from './nodes/hand-over.js';
import { heedingStores } from './nodes/heeding-stores.js';
import { Holdings } from './nodes/holdings.js';
import { keeperOf } from './nodes/keeper.js';
import { Membership } from './nodes/membership.js';
import { Opening } from './nodes/opening.js';
import { Reconciler } from './nodes/reconcile.js';
import type { SharedRevocations } from './nodes/shared-revocations.js';
import { heedShown } from './nodes/shown.js';
import type { StoreClock } from './nodes/store-clock.js';
import { ThisNode } from './nodes/this-node.js';
import type { SessionTracker } from './presence/track-sessions.js';
import type { Nodes } from './stores/nodes.js';
import type { Stores } from './stores/stores.js';
import { Tidings } from './tidings.js';

/** How often what is long over is forgotten, in milliseconds. */
const SWEEP_MS = 5_000;

interface Base {
  stores: Stores;
  nodes: Nodes;
  devices: Devices;
  limits: Limits;
  clock: StoreClock;
  log: Logger;
}

/** What is there once the server is composed. */
interface Rest {
  calls: AllCalls;
  sessions: SessionTracker;
  gateway: Gateway;
  dismissals: Dismissals;
  revocations: SharedRevocations | undefined;
  /** Who may see whom is to be asked anew. */
  renewSight(): void;
}

/**
 * This server as one of several that share stores: ties together what is in `nodes/`.
 *
 * @see SPEC.md, section NODE
 */
export class AmongNodes {
  readonly node: ThisNode;
  readonly relay: SignalRelay;
  readonly handOver: HandOver;
  /** As this server is to use them: what is decided on here is told its devices first, and what fails is away. */
  readonly stores: Stores;
  readonly #base: Base;
  readonly #tidings: Tidings;
  readonly #opening: Opening;
  #membership: Membership | undefined;
  #holdings: Holdings | undefined;
  #knowsWhoIsOnline = false;
  readonly #cancels: (() => void)[] = [];

  constructor(base: Base) {
    const { nodes, devices, clock, log } = base;
    this.#base = base;
    const node = new ThisNode({ nodes, clock, log });
    const self = () => node.name;
    const stores = guardedStores(base.stores, { isAway: () => this.isAway, log });
    this.node = node;
    this.#opening = new Opening(clock);
    this.stores = heedingStores(stores, {
      known: node.known,
      learn: (scope, call) => this.#tidings.learn(scope, call),
    });
    this.#tidings = new Tidings({
      node,
      devices,
      limits: base.limits,
      clock,
      read: (scope, id) => stores.in(scope).calls.get(id),
    });
    const { relay, route, arrivals } = this.#tidings;
    this.relay = relay;
    this.handOver = new HandOver({
      bus: node,
      self,
      sessionsOf: (user) => stores.presence.sessionsOf(user),
      keeper: keeperOf({
        devices,
        relay,
        known: node.known,
        route,
        inOrder: arrivals,
        tell: (effects, isFor) => this.#tidings.tell(effects, deliverTo(isFor, devices)),
      }),
      reclaim: async (session) => this.#holdings?.reclaim(session) ?? false,
      clock,
      log,
      receive: (from, message) => node.receive(from, message),
    });
    node.movedTo = (device) => this.handOver.movedTo(device);
  }

  /** Whether the stores are known not to answer. */
  get isAway(): boolean {
    return this.#membership?.isAway ?? false;
  }

  /** Whether the others know of this node, and it knows who is online. */
  get isReady(): boolean {
    return this.#knowsWhoIsOnline && (this.#membership?.isMember ?? false);
  }

  /**
   * Waits until it is ready for the first time.
   *
   * @throws SignalingError `unavailable` when that takes more than 2 s
   */
  opened(): Promise<void> {
    return this.#opening.passed();
  }

  /** Begins to hear the others, and to say that it lives. */
  begin({ calls, sessions, gateway, dismissals, revocations, renewSight }: Rest): void {
    const { node, handOver } = this;
    const tidings = this.#tidings;
    const { nodes, stores, devices, clock, log } = this.#base;
    node.listen({
      call: (from, message) => {
        handOver.receive(from, message);
        tidings.learn(message.scope, message.call);
      },
      relay: (from, message) => {
        if (!handOver.receive(from, message)) tidings.arrivals.take(message.origin ?? from, message);
      },
      shown: (from, message) => {
        const { device, callId, n } = message;
        // what is not known here would never be forgotten
        if (node.known.of(device, callId) === undefined) return;
        if (tidings.route.shown(device, callId, { from, n })) heedShown(node.known, tidings.relay, message);
      },
      hand_over: (from, message) => void handOver.receive(from, message),
      handed_over: (from, message) => void handOver.receive(from, message),
      dismiss_user: (_, { userId, socketIds }) => dismissals.heedDismissal(userId, socketIds),
      revoke: (_, { revocation }) => dismissals.heedRevocations([revocation]),
      visibility_changed: renewSight,
    });
    const holdings = new Holdings({
      self: () => node.name,
      sessionsOf: (name) => nodes.sessionsOf(name),
      devices,
      sessions,
      adopt: (lost) => {
        devices.adopt(lost);
        tidings.arrivals.beginAnew(lost.device);
      },
      onChange: (change) => handOver.noticed(change),
      clock,
      log,
    });
    const membership = new Membership({
      leases: nodes.leases,
      clock,
      log,
      self: () => node.name,
      onBeat: (beat) => {
        node.heed(beat);
        if (this.isReady) this.#opening.open();
      },
      bury: (dead) => holdings.bury(dead),
      // what others hold now is theirs; whoever is connected here comes back, as after any loss
      beginAnew: () => {
        const former = node.name;
        node.rename();
        tidings.forget(node.known.clear());
        gateway.cutAll();
        holdings.leaveBehind(former);
      },
      tellAgain: async () => {
        void revocations?.tellAgain();
        await holdings.tellAgain();
        await reconciler.run();
      },
    });
    const reconciler = new Reconciler({
      calls,
      known: node.known,
      sessions: () => devices.all(),
      memory: () => membership.memory,
      learn: (scope, call) => tidings.learn(scope, call),
    });
    this.#membership = membership;
    this.#holdings = holdings;
    this.#cancels.push(
      stores.presence.subscribe(
        (change) => handOver.noticed(change),
        (all) => {
          if (this.#knowsWhoIsOnline) holdings.compare(all);
          this.#knowsWhoIsOnline = true;
          if (this.isReady) this.#opening.open();
        },
      ),
      clock.every(SWEEP_MS, () => this.#sweep()),
      () => membership.close(),
      () => holdings.close(),
      () => reconciler.close(),
      () => handOver.close(),
      () => tidings.arrivals.close(),
      () => node.close(),
    );
  }

  /** Commits of this node: the others are told, then its own devices. */
  committed(scope: string, changes: Change[], effects: Effect[]): void {
    this.#tidings.committed(scope, changes, effects);
  }

  /** Hangs up or declines, if need be without the stores. */
  end(context: CallContext, callId: CallId, command: Ending): Promise<Outcome> {
    return endAnyway(context, callId, command, {
      known: this.node.known,
      learn: (scope, call) => this.#tidings.learn(scope, call),
    });
  }

  /** What this node held is for others, at once. */
  async leave(): Promise<void> {
    await this.#membership?.leave();
  }

  close(): void {
    for (const cancel of this.#cancels.splice(0)) cancel();
  }

  #sweep(): void {
    void this.handOver.sweep();
    void this.#holdings?.sweep();
    // while the store is away, what this node knows of ended calls is all that anybody knows
    if (this.isAway) this.node.known.linger();
    else this.#tidings.forget(this.node.known.sweep());
  }
}
