import { v4 as uuidv4 } from 'uuid';
import type { AllCalls } from '../calls/all-calls.js';
import { heldHere, MAX_ATTEMPTS } from '../calls/call-context.js';
import { leaveCalls, returnToCalls, takeFromCalls } from '../calls/device-calls.js';
import type { Cancel } from '../clock.js';
import { type DeviceKey, deviceKey, userOf } from '../domain/ids.js';
import { type Arrival, hasPlace, hasRoomFor, type Session, sessionToTakeOver } from '../domain/session.js';
import { SignalingError } from '../protocol/errors.js';
import { leaveAsLost } from './leave-as-lost.js';
import { tooMany } from './too-many.js';

/** An arrived device; `before` is the session that it took over. */
export interface Arrived {
  session: Session;
  before: Session | undefined;
}

/**
 * Keeps sessions: devices arrive, are lost, return, leave, and are given up. Every change is a swap on the connection
 * that speaks for the device, so what a replaced connection still says changes nothing.
 *
 * @see SPEC.md, rules JOIN-7 and LOSS-1 to LOSS-7
 */
export class SessionTracker {
  readonly #calls: AllCalls;
  readonly #onGivenUp: (session: Session) => void;
  readonly #givingUp = new Map<DeviceKey, Cancel>();
  /** Lost devices whose calls may not have heard of it: a store failed. */
  readonly #untold = new Set<DeviceKey>();
  /** Lost devices of which the stores may not have heard, or their calls: a store failed. */
  readonly #unheard = new Map<DeviceKey, Session>();
  /** Devices that left, or were given up, of which the stores or their calls may not have heard: a store failed. */
  readonly #unfinished = new Map<DeviceKey, Session>();
  /** Devices that are being taken out of their calls. */
  readonly #leaving = new Map<DeviceKey, Promise<void>>();

  /** @param onGivenUp - called when a device is gone for good */
  constructor(calls: AllCalls, onGivenUp: (session: Session) => void) {
    this.#calls = calls;
    this.#onGivenUp = onGivenUp;
  }

  /**
   * @throws SignalingError `unavailable` when every race for the session was lost, `rate_limited` when as many
   * connections speak for the user as may
   */
  async arrive(arrival: Arrival): Promise<Arrived> {
    const { stores, clock, limits } = this.#calls;
    const { user, socketId, legacy, userAgent, features, scope, grantedScope } = arrival;
    // first, since a session that nobody speaks for must not be left behind
    const known = grantedScope === undefined ? user : { ...user, scope: grantedScope };
    await stores.users.remember(known, clock.now());
    // it would be taken out of the calls that ring it anew
    const own = deviceKey(user.id, arrival.deviceId);
    const unfinished = this.#unfinished.get(own);
    await (unfinished === undefined ? this.#leaving.get(own) : this.leave(unfinished));
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const sessions = await stores.presence.sessionsOf(user.id);
      const before = sessionToTakeOver(arrival, sessions);
      const device = before?.device ?? own;
      if (!hasRoomFor(device, sessions, limits.connectionsPerUser)) throw tooMany();
      // a call never leaves its scope: who does leaves the call
      if (before !== undefined && before.scope !== scope) {
        await takeFromCalls(this.#calls.in(before.scope), device, 'leave');
      }
      const held = heldHere(this.#calls, device);
      const session: Session = { ...held, user, socketId, legacy, userAgent, features, scope };
      const now = await this.#speakFor(session, before?.socketId);
      if (now === undefined) continue;
      // others may have come since
      if (!hasPlace(device, now, limits.connectionsPerUser)) {
        await (before === undefined ? this.#remove(session) : this.lose(session));
        throw tooMany();
      }
      return { session, before };
    }
    throw new SignalingError('unavailable', 'too many connections of this user at once; try again');
  }

  /** @returns the user's sessions by then; `undefined` when another connection was faster */
  async #speakFor(session: Session, expectedSocketId: string | undefined): Promise<Session[] | undefined> {
    const { presence } = this.#calls.stores;
    const { device, user } = session;
    try {
      if (!(await presence.swap({ device, session }, expectedSocketId))) return undefined;
      this.#keep(device);
      return await presence.sessionsOf(user.id);
    } catch (error) {
      // a store that does not answer may have done it all the same, and nobody speaks for the device now
      await this.lose(session).catch(() => {});
      throw error;
    }
  }

  /** The device left: its presence and its calls end at once. */
  async leave(session: Session): Promise<void> {
    const { device } = session;
    const leaving = this.#takeAway(session);
    const over = leaving.catch(() => {});
    this.#leaving.set(device, over);
    try {
      await leaving;
    } catch (error) {
      this.#unfinished.set(device, session);
      throw error;
    } finally {
      if (this.#leaving.get(device) === over) this.#leaving.delete(device);
    }
  }

  /** Goes on with departures that a store interrupted; to be called every few seconds. Never fails. */
  async finishLeaving(): Promise<void> {
    try {
      for (const session of this.#unfinished.values()) await this.leave(session);
    } catch (error) {
      // the others will fare no better
      this.#calls.log.warn({ err: error }, 'a departure could not be carried out, and will be');
    }
  }

  /**
   * The connection was lost: the device may return within the grace window.
   *
   * @returns `false`, with nothing done, when another connection speaks for the device
   */
  async lose(session: Session): Promise<boolean> {
    this.#unheard.delete(session.device);
    try {
      return await this.#lose({ ...session, lostAt: this.#calls.clock.now() }, session.socketId);
    } catch (error) {
      this.#unheard.set(session.device, session);
      throw error;
    }
  }

  /**
   * The node that held the device is dead: it is lost here, by a connection of which the dead knows nothing, so that it
   * changes nothing any more if it lives after all.
   *
   * @param hold - called before the calls of the device hear of it
   * @returns `false`, with nothing done, when another connection speaks for the device
   * @see SPEC.md, rules NODE-6 and NODE-7
   */
  takeOver(session: Session, hold: (lost: Session) => void): Promise<boolean> {
    const lost: Session = { ...session, socketId: uuidv4(), lostAt: this.#calls.clock.now() };
    return this.#lose(lost, session.socketId, hold);
  }

  /** Those that are lost, of which the stores were told in vain. */
  unheard(): Session[] {
    return [...this.#unheard.values()];
  }

  /** Whether it is waited for the device to come back, and its calls know. */
  isAwaited(device: DeviceKey): boolean {
    return this.#givingUp.has(device) && !this.#untold.has(device);
  }

  /**
   * Writes a session that the store may have forgotten.
   *
   * @param expectedSocketId - of the one that it remembers in its place, by which nobody speaks any more
   */
  async remind(session: Session, isOpen: boolean, expectedSocketId?: string): Promise<void> {
    const { stores, clock } = this.#calls;
    const { device, user, scope } = session;
    const own: Session = { ...session, ...heldHere(this.#calls, device) };
    if (!(await stores.presence.swap({ device, session: own }, expectedSocketId))) return;
    await stores.users.remember(user, clock.now());
    if (!isOpen) await this.lose(session);
    else if (expectedSocketId !== undefined) await returnToCalls(this.#calls.in(scope), own);
  }

  async #lose(session: Session, expectedSocketId: string, hold: (lost: Session) => void = () => {}): Promise<boolean> {
    const { stores, rules, clock, presenceGraceMs } = this.#calls;
    const { device } = session;
    const lost: Session = { ...session, ...heldHere(this.#calls, device) };
    if (!(await stores.presence.swap({ device, session: lost }, expectedSocketId))) return false;
    hold(lost);
    this.#keep(device);
    this.#givingUp.set(
      device,
      clock.after(Math.max(rules.graceMs, presenceGraceMs), () => this.#giveUp(lost)),
    );
    const calls = this.#calls.in(session.scope);
    this.#untold.add(device);
    await takeFromCalls(calls, device, 'lose');
    this.#untold.delete(device);
    // a device that came back meanwhile may have found its calls not yet told of the loss
    const now = (await stores.presence.sessionsOf(session.user.id)).find((each) => each.device === device);
    const isBack = now !== undefined && now.lostAt === undefined && now.scope === session.scope;
    if (isBack) await returnToCalls(calls, now);
    return true;
  }

  async #giveUp(lost: Session): Promise<void> {
    const { device, scope } = lost;
    const isTold = !this.#untold.has(device);
    this.#keep(device);
    try {
      if (!isTold) await takeFromCalls(this.#calls.in(scope), device, 'lose');
      // another connection may speak for it, at another node
      if (await this.#remove(lost)) await leaveCalls(this.#calls.in(scope), device);
      else this.#onGivenUp(lost);
    } catch (error) {
      this.#unfinished.set(device, lost);
      this.#calls.log.error({ err: error }, 'a lost session could not be removed, and will be');
    }
  }

  async #takeAway(session: Session): Promise<void> {
    const { device, scope } = session;
    await leaveAsLost(this.#calls, session, () => this.#onGivenUp(session));
    const isRemoved = await this.#remove(session);
    // where nobody speaks for it either, an attempt that failed has removed it
    const isGone = isRemoved || !(await this.#isKnown(session));
    if (isGone && !isRemoved) this.#onGivenUp(session);
    if (isGone) await takeFromCalls(this.#calls.in(scope), device, 'leave');
    this.#unfinished.delete(device);
  }

  async #isKnown({ device, user }: Session): Promise<boolean> {
    const sessions = await this.#calls.stores.presence.sessionsOf(user.id);
    return sessions.some((each) => each.device === device);
  }

  close(): void {
    for (const cancel of this.#givingUp.values()) cancel();
    this.#givingUp.clear();
  }

  async #remove(session: Session): Promise<boolean> {
    const { device, socketId, user } = session;
    const { stores, clock } = this.#calls;
    if (!(await stores.presence.swap({ device, session: undefined }, socketId))) return false;
    this.#keep(device);
    this.#onGivenUp(session);
    await stores.users.remember({ id: userOf(device), username: user.username }, clock.now());
    return true;
  }

  #keep(device: DeviceKey): void {
    this.#givingUp.get(device)?.();
    this.#givingUp.delete(device);
    this.#untold.delete(device);
    this.#unheard.delete(device);
  }
}
