import { AmongNodes } from './among-nodes.js';
import type { Authenticator } from './auth/authenticator.js';
import { createAuthenticator } from './auth/create-authenticator.js';
import { type AllCalls, allCalls, liveCalls } from './calls/all-calls.js';
import { applyCommand } from './calls/apply-command.js';
import { expireCalls } from './calls/expire-calls.js';
import { SignalRelay } from './calls/signal-relay.js';
import { clientAddressReader, type ReadClientAddress } from './client-address.js';
import { type Clock, systemClock } from './clock.js';
import { Dismissals } from './dismissals.js';
import { userOf } from './domain/ids.js';
import { MAX_REVOCATIONS, Revocations } from './domain/revocations.js';
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
import { guarded, type Logger } from './log.js';
import { createMetrics } from './metrics/create-metrics.js';
import type { Metrics } from './metrics/metrics.js';
import { SharedRevocations } from './nodes/shared-revocations.js';
import { StoreClock } from './nodes/store-clock.js';
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
  /** This machine's. */
  clock: Clock;
  authenticator: Authenticator;
  readAddress: ReadClientAddress;
  security: SecurityLog;
  logins: LoginLimits;
  metrics: Metrics;
  calls: AllCalls;
  gateway: Gateway;
  roster: Roster;
  events: HostEvents;
  /** Where there are several nodes. */
  among: AmongNodes | undefined;
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
  const revocations = rememberedRevocations(log);
  const authenticator = createAuthenticator(options.auth, {
    clock,
    log,
    limits: options.limits,
    revocations,
    findRevocations: (userId, jti) => calls.stores.revocations.of(userId, jti),
  });
  const readAddress = clientAddressReader(options.trustProxy);
  const security = new SecurityLog(log, readAddress, clock);
  const metrics = createMetrics(options.metrics, {
    events,
    clock,
    log,
    connections: () => gateway.connectionCount,
    usersOnline: () => roster.size,
    liveCalls: async () => among?.node.placedCalls() ?? liveCalls(stores),
  });
  const { nodes } = stores;
  const storeClock = nodes && new StoreClock(clock, log);
  const time = storeClock ?? clock;
  const devices = new Devices(() => time.now());
  const among =
    nodes && storeClock && new AmongNodes({ stores, nodes, devices, limits: options.limits, clock: storeClock, log });
  const relay = among?.relay ?? new SignalRelay(devices, options.limits);
  const calls = allCalls(among?.stores ?? stores, {
    rules: { ...options, ringingPerUser: options.limits.ringingPerUser },
    limits: options.limits,
    presenceGraceMs,
    clock: time,
    log,
    hooks: canSee === undefined ? options : { ...options, canSee },
    isDraining: () => isDraining,
    node: among && (() => among.node.name),
    run(effects, changes, scope) {
      if (among === undefined) return runEffects(effects, { deliver: devices, relay, events });
      among.committed(scope, changes, effects);
      for (const effect of effects) emitEvent(effect, events);
    },
  });
  const roster = new Roster({
    clock: time,
    presenceGraceMs,
    onChange: (scope) => broadcast.changed(scope),
    onOnline: (user) => events.emit('userOnline', user),
    onOffline: (user) => events.emit('userOffline', user),
  });
  const sessions = new SessionTracker(calls, ({ device, socketId }) => devices.forget(device, socketId));
  const watchers = new Watchers(roster, canSee);
  const { presenceBudgetBytesPerSecond: budgetBytesPerSecond } = options;
  const broadcast = new PresenceBroadcast({ clock, log, budgetBytesPerSecond, roster, watchers });
  const gateway = new Gateway({
    options,
    clock,
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
    handOver: among?.handOver,
    opened: among && (() => among.opened()),
    applyEnding: among === undefined ? applyCommand : (...ending) => among.end(...ending),
  });

  const ofCredentials = authenticator.mode === 'open' ? undefined : revocations;
  const dismissals = new Dismissals({
    calls,
    clock,
    gateway,
    revocations: ofCredentials,
    save: (revocation) => shared?.save(revocation) ?? stores.revocations.add([revocation]),
    node: among?.node,
  });
  const shared =
    among &&
    ofCredentials &&
    new SharedRevocations({
      store: among.stores.revocations,
      known: ofCredentials,
      heed: (news) => dismissals.heedRevocations(news),
      clock,
      log,
    });
  const renewSight = () => {
    if (canSee !== undefined) roster.renew();
  };
  among?.begin({ calls, sessions, gateway, dismissals, revocations: shared, renewSight });

  const cancels = [
    () => among?.close(),
    () => shared?.close(),
    stores.presence.subscribe(
      (change) => roster.apply(change, userOf(change.device)),
      (sessions) => roster.reset(sessions),
    ),
    expireCalls(calls, among?.node),
    clock.every(SWEEP_MS, () => relay.sweep(time.now())),
    clock.every(SWEEP_MS, () => devices.sweep()),
    clock.every(SWEEP_MS, () => sessions.finishLeaving()),
    clock.every(STALE_CHECK_MS, () => gateway.cutStale()),
    () => metrics.close(),
    () => roster.close(),
    () => sessions.close(),
    () => broadcast.close(),
  ];
  return {
    options,
    clock,
    authenticator,
    readAddress,
    security,
    metrics,
    logins: new LoginLimits({ limits: options.limits, rates: stores.rates, clock: time }),
    calls,
    gateway,
    roster,
    events,
    among,
    dismissals,
    renewSight() {
      renewSight();
      among?.node.sendAll({ type: 'visibility_changed' });
    },
    drain() {
      isDraining = true;
    },
    close() {
      for (const cancel of cancels) cancel();
    },
  };
}

function rememberedRevocations(log: Logger): Revocations {
  let isFull = false;
  return new Revocations(() => {
    if (!isFull) log.warn({ remembered: MAX_REVOCATIONS }, 'too many revocations: the oldest are forgotten');
    isFull = true;
  });
}
