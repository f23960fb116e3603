import type { Authenticator } from './auth/authenticator.js';
import { createAuthenticator } from './auth/create-authenticator.js';
import { type AllCalls, allCalls, liveCalls } from './calls/all-calls.js';
import { type Deliver, deliverTo } from './calls/deliver.js';
import { expireCalls } from './calls/expire-calls.js';
import { SignalRelay } from './calls/signal-relay.js';
import { clientAddressReader, type ReadClientAddress } from './client-address.js';
import { type Clock, systemClock } from './clock.js';
import { Dismissals } from './dismissals.js';
import type { Call } from './domain/call.js';
import type { Effect } from './domain/effect.js';
import { userOf } from './domain/ids.js';
import { emitEvent } from './effects/emit-event.js';
import { runEffects } from './effects/run-effects.js';
import { Devices } from './gateway/devices.js';
import { Gateway } from './gateway/gateway.js';
import { PresenceBroadcast } from './gateway/presence-broadcast.js';
import { relayAddresses } from './gateway/relay-addresses.js';
import { Watchers } from './gateway/watchers.js';
import { guardedSight } from './hooks.js';
import { HostEvents } from './host-events.js';
import { LoginLimits } from './http/login-limits.js';
import { guarded } from './log.js';
import { createMetrics } from './metrics/create-metrics.js';
import type { Metrics } from './metrics/metrics.js';
import { HandOver } from './nodes/hand-over.js';
import { Heartbeat } from './nodes/heartbeat.js';
import { heedingStores } from './nodes/heeding-stores.js';
import { keeperOf } from './nodes/keeper.js';
import { relayReceiver } from './nodes/receive-relay.js';
import { Route } from './nodes/route.js';
import { heedShown, tellShown } from './nodes/shown.js';
import { ThisNode } from './nodes/this-node.js';
import type { ResolvedOptions } from './options.js';
import { Roster } from './presence/roster.js';
import { SessionTracker } from './presence/track-sessions.js';
import { SecurityLog } from './security-log.js';
import { createMemoryStores } from './stores/memory/memory-stores.js';
import type { Stores } from './stores/stores.js';

/** How often forgotten early candidates are swept, in milliseconds. */
const SWEEP_MS = 5_000;

/** How often clients are looked at that read too slowly, in milliseconds. */
const STALE_CHECK_MS = 1_000;

/** What a server is made of. */
export interface House {
  options: ResolvedOptions;
  authenticator: Authenticator;
  readAddress: ReadClientAddress;
  security: SecurityLog;
  logins: LoginLimits;
  metrics: Metrics;
  calls: AllCalls;
  gateway: Gateway;
  roster: Roster;
  events: HostEvents;
  dismissals: Dismissals;
  /** Hosts may see others than they did: everybody is brought up to date. */
  renewSight(): void;
  /** From now on new calls are refused. */
  drain(): void;
  /** Stops every timer. */
  close(): void;
}

/** Builds a server's parts and ties them together: the one place that knows them all. */
export function compose(
  options: ResolvedOptions,
  stores: Stores = createMemoryStores(),
  clock: Clock = systemClock,
): House {
  const { presenceGraceMs } = options;
  const log = guarded(options.logger);
  const canSee = guardedSight(options.canSee, { clock, log });
  let isDraining = false;
  const events = new HostEvents(log);
  const authenticator = createAuthenticator(options.auth, { clock, log, limits: options.limits });
  const readAddress = clientAddressReader(options.trustProxy);
  const security = new SecurityLog(log, readAddress, clock);
  const metrics = createMetrics(options.metrics, {
    events,
    clock,
    log,
    connections: () => gateway.connectionCount,
    usersOnline: () => roster.size,
    liveCalls: () => liveCalls(stores),
  });
  const devices = new Devices(() => clock.now());
  const node = stores.nodes === undefined ? undefined : new ThisNode({ nodes: stores.nodes, clock, log });
  const route =
    node &&
    new Route({
      devices,
      known: node.known,
      self: () => node.name,
      movedTo: (device) => node.movedTo(device),
      send: (to, message) => node.send(to, message),
    });
  const relay = new SignalRelay(route ?? devices, options.limits);
  /** Tells the devices of one node among several: the host is told by the one that commits. */
  const tellOwn = (one: ThisNode, effects: Effect[], deliver: Deliver = devices) =>
    runEffects(effects, { deliver, relay, onShown: (device, call) => tellShown(one, devices, device, call) });
  /** Another node, or the store, has told of a call. */
  const learn = (one: ThisNode, scope: string, call: Call) => {
    tellOwn(one, one.known.learn(scope, call));
    arrivals?.wake(call.id);
  };
  const heeded =
    node === undefined
      ? stores
      : heedingStores(stores, { known: node.known, learn: (scope, call) => learn(node, scope, call) });
  const calls = allCalls(heeded, {
    rules: { ...options, ringingPerUser: options.limits.ringingPerUser },
    limits: options.limits,
    presenceGraceMs,
    clock,
    log,
    hooks: canSee === undefined ? options : { ...options, canSee },
    isDraining: () => isDraining,
    node: node && (() => node.name),
    run(effects, changes, scope) {
      if (node === undefined) return runEffects(effects, { deliver: devices, relay, events });
      tellOwn(node, node.committed(scope, changes, effects));
      for (const { after } of changes) arrivals?.wake(after.id);
      for (const effect of effects) emitEvent(effect, events);
    },
  });
  const roster = new Roster({
    clock,
    presenceGraceMs,
    onChange: (scope) => broadcast.changed(scope),
    onOnline: (user) => events.emit('userOnline', user),
    onOffline: (user) => events.emit('userOffline', user),
  });
  const sessions = new SessionTracker(calls, ({ device, socketId }) => devices.forget(device, socketId));
  const arrivals =
    node &&
    relayReceiver({
      clock,
      devices,
      known: node.known,
      look: (scope, callId) => {
        const looked = stores.in(scope).calls.get(callId);
        looked.then((call) => call && learn(node, scope, call)).catch(() => {});
      },
    });
  const handOver =
    node &&
    route &&
    arrivals &&
    new HandOver({
      bus: node,
      self: () => node.name,
      sessionsOf: (user) => stores.presence.sessionsOf(user),
      keeper: keeperOf({
        devices,
        relay,
        known: node.known,
        route,
        inOrder: arrivals,
        tell: (effects, isFor) => tellOwn(node, effects, deliverTo(isFor, devices)),
      }),
      clock,
      log,
      receive: (from, message) => node.receive(from, message),
    });
  if (node !== undefined && handOver !== undefined) node.movedTo = (device) => handOver.movedTo(device);
  const watchers = new Watchers(roster, canSee);
  const { presenceBudgetBytesPerSecond: budgetBytesPerSecond } = options;
  const broadcast = new PresenceBroadcast({ clock, log, budgetBytesPerSecond, roster, watchers });
  const gateway = new Gateway({
    options,
    authenticator,
    readAddress,
    security,
    metrics,
    calls,
    relay,
    mayBeRelay: relayAddresses(options),
    devices,
    sessions,
    watchers,
    handOver,
  });

  const dismissals = new Dismissals({ calls, gateway, authenticator, node });
  const renewSight = () => {
    if (canSee !== undefined) roster.renew();
  };
  node?.listen({
    call: (from, message) => {
      handOver?.receive(from, message);
      learn(node, message.scope, message.call);
    },
    relay: (from, message) => {
      if (!handOver?.receive(from, message)) arrivals?.take(message.origin ?? from, message);
    },
    shown: (_, message) => {
      route?.shown(message.device, message.callId);
      heedShown(node.known, relay, message);
    },
    hand_over: (from, message) => void handOver?.receive(from, message),
    handed_over: (from, message) => void handOver?.receive(from, message),
    dismiss_user: (_, { userId }) => dismissals.heedDismissal(userId),
    revoke: (_, message) => dismissals.heedRevocation(message),
    visibility_changed: renewSight,
  });

  const heartbeat = stores.nodes && node && new Heartbeat({ leases: stores.nodes.leases, node, clock, log });
  const ofNode =
    node === undefined
      ? []
      : [
          clock.every(SWEEP_MS, () => {
            for (const { call } of node.known.sweep()) {
              relay.forget(call);
              route?.forget(call.id);
              arrivals?.forget(call.id);
            }
          }),
          () => arrivals?.close(),
          () => heartbeat?.close(),
          () => node.close(),
          stores.presence.subscribe((change) => handOver?.noticed(change)),
          clock.every(SWEEP_MS, () => void handOver?.sweep()),
          () => handOver?.close(),
        ];
  const cancels = [
    ...ofNode,
    stores.presence.subscribe(
      (change) => roster.apply(change, userOf(change.device)),
      (sessions) => roster.reset(sessions),
    ),
    expireCalls(calls),
    clock.every(SWEEP_MS, () => relay.sweep(clock.now())),
    clock.every(SWEEP_MS, () => devices.sweep()),
    clock.every(STALE_CHECK_MS, () => gateway.cutStale()),
    () => metrics.close(),
    () => roster.close(),
    () => sessions.close(),
    () => broadcast.close(),
  ];
  return {
    options,
    authenticator,
    readAddress,
    security,
    metrics,
    logins: new LoginLimits({ limits: options.limits, rates: stores.rates, clock }),
    calls,
    gateway,
    roster,
    events,
    dismissals,
    renewSight() {
      renewSight();
      node?.sendAll({ type: 'visibility_changed' });
    },
    drain() {
      isDraining = true;
    },
    close() {
      for (const cancel of cancels) cancel();
    },
  };
}
