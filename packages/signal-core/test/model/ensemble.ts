import type { Scheduler } from 'fast-check';
import type { Stores } from 'signal-core';
import { FakeClock } from 'signal-core/testing';
import { allCalls } from '../../src/calls/all-calls.ts';
import { applyCommand, type Outcome } from '../../src/calls/apply-command.ts';
import type { CallContext } from '../../src/calls/call-context.ts';
import type { Deliver } from '../../src/calls/deliver.ts';
import { returnToCalls, ringLate } from '../../src/calls/device-calls.ts';
import { expireCalls } from '../../src/calls/expire-calls.ts';
import { placeCall } from '../../src/calls/place-call.ts';
import { SignalRelay } from '../../src/calls/signal-relay.ts';
import { type CallId, type DeviceKey, deviceIdOf, type UserId, userOf } from '../../src/domain/ids.ts';
import type { Session } from '../../src/domain/session.ts';
import { runEffects } from '../../src/effects/run-effects.ts';
import { Rings } from '../../src/gateway/rings.ts';
import { HostEvents } from '../../src/host-events.ts';
import { LIMIT_PROFILES } from '../../src/limits.ts';
import { silentLogger } from '../../src/log.ts';
import { SessionTracker } from '../../src/presence/track-sessions.ts';
import { ANSWER, OFFER } from '../domain/cast.ts';
import { scheduledStores } from './scheduled-stores.ts';
import { Screen } from './screen.ts';
import { Truth } from './truth.ts';
import { PRESENCE_GRACE_MS, RULES } from './world.ts';

/** `ok` or the code of a refusal. */
type Answer = string;

/** Devices and calls as the server has them, without sockets: every access to a store waits for its turn. */
export class Ensemble {
  readonly clock = new FakeClock();
  readonly truth = new Truth();
  readonly faults: string[] = [];
  /** What each device that is there believes. */
  readonly screens = new Map<DeviceKey, Screen>();
  /** What a store is asked for happens at once until then. */
  isScheduled = false;
  readonly #context: CallContext;
  readonly #sessions: SessionTracker;
  readonly #rings = new Map<DeviceKey, Rings>();
  readonly #connected = new Map<DeviceKey, Session>();
  readonly #stop: () => void;
  #connections = 0;

  constructor(scheduler: Scheduler, maxCallsPerUser: number) {
    const stores: Stores = scheduledStores(this.truth.stores, (label) =>
      this.isScheduled ? scheduler.schedule(Promise.resolve(), label) : Promise.resolve(),
    );
    const deliver: Deliver = {
      toDevice: (device, event, payload) => this.#tell(device, event, payload),
      closeCall: () => {},
      takes: () => false,
    };
    const relay = new SignalRelay(deliver, LIMIT_PROFILES.relaxed);
    const events = new HostEvents(silentLogger);
    const fault = (_: object, message: string) => void this.faults.push(message);
    const calls = allCalls(stores, {
      rules: { ...RULES, maxCallsPerUser, ringingPerUser: Number.POSITIVE_INFINITY },
      limits: LIMIT_PROFILES.off,
      presenceGraceMs: PRESENCE_GRACE_MS,
      clock: this.clock,
      log: { ...silentLogger, warn: fault, error: fault },
      hooks: {},
      isDraining: () => false,
      run: (effects) => runEffects(effects, { deliver, relay, events }),
    });
    this.#context = calls.in('');
    this.#sessions = new SessionTracker(calls, ({ device }) => this.screens.delete(device));
    this.#stop = expireCalls(calls);
  }

  isConnected(device: DeviceKey): boolean {
    return this.#connected.has(device);
  }

  /** A new connection of the device joins; one that it had before is noticed to be gone when `lose` says so. */
  async arrive(device: DeviceKey): Promise<void> {
    this.#connections += 1;
    const user = { id: userOf(device), username: userOf(device) };
    const { session, before } = await this.#sessions.arrive({
      user,
      socketId: `s${this.#connections}`,
      deviceId: deviceIdOf(device),
      legacy: false,
      userAgent: '',
      features: [],
      scope: '',
    });
    this.#connected.set(device, session);
    const blame = (what: string) => void this.faults.push(`${device}: ${what}`);
    if (!this.screens.has(device)) this.screens.set(device, new Screen({ isNumbered: false, blame }));
    this.screens.get(device)?.reconnected();
    this.#rings.set(device, this.#rings.get(device)?.forNewConnection() ?? new Rings());
    if (before !== undefined) await returnToCalls(this.#context, { device: device, legacy: false });
    await ringLate(this.#context, { device: device });
  }

  /** The connection that speaks for the device now breaks, or says goodbye. @returns what the server does about it, later */
  parting(device: DeviceKey, how: 'lose' | 'leave'): () => Promise<void> {
    const session = this.#connected.get(device);
    return async () => {
      if (session === undefined) return;
      if (this.#connected.get(device) === session) this.#connected.delete(device);
      await this.#sessions[how](session);
    };
  }

  async call(device: DeviceKey, to: UserId, callId: CallId): Promise<Answer> {
    const outcome = await placeCall(this.#context, {
      callId,
      device,
      from: { id: userOf(device), username: userOf(device) },
      to,
      callType: 'video',
      offer: OFFER,
      scope: '',
      at: this.clock.now(),
    });
    this.screens.get(device)?.dialled(outcome.ok ? callId : undefined, false);
    return outcome.ok ? 'ok' : outcome.code;
  }

  async accept(device: DeviceKey, callId: CallId): Promise<Answer> {
    const at = this.clock.now();
    const outcome = await applyCommand(this.#context, callId, { type: 'accept', device, answer: ANSWER, at });
    if (outcome.ok) this.screens.get(device)?.did('accept', callId);
    return answerOf(outcome);
  }

  async end(device: DeviceKey, callId: CallId): Promise<Answer> {
    const outcome = await applyCommand(this.#context, callId, { type: 'end', device, at: this.clock.now() });
    if (outcome.ok) this.screens.get(device)?.did('end', callId);
    return answerOf(outcome);
  }

  async reject(device: DeviceKey, callId: CallId): Promise<Answer> {
    const at = this.clock.now();
    const outcome = await applyCommand(this.#context, callId, { type: 'reject', device, reason: 'declined', at });
    if (outcome.ok) this.screens.get(device)?.did('end', callId);
    return answerOf(outcome);
  }

  /** Lets all time run out. */
  async finish(): Promise<void> {
    this.isScheduled = false;
    await this.clock.advance(RULES.ringTimeoutMs + RULES.maxCallMs + 1_000);
    this.#stop();
    this.#sessions.close();
  }

  /** What is kept for a lost device is as good as told, but for rings: they are made again. */
  #tell(device: DeviceKey, event: string, payload: object): boolean {
    const [screen, rings] = [this.screens.get(device), this.#rings.get(device)];
    const callId: unknown = Object(payload).callId;
    if (screen === undefined || rings === undefined || typeof callId !== 'string') return false;
    if (event === 'incoming_call' && !rings.ring(callId, this.#connected.has(device))) return false;
    if (event === 'call_ended' && !rings.end(callId)) return false;
    screen.hear(event, { callId, ...payload });
    return true;
  }
}

function answerOf(outcome: Outcome): Answer {
  return outcome.ok ? 'ok' : outcome.code;
}
