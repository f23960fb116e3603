import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Router } from 'express';
import type { RevokeTarget } from './auth/authenticator.js';
import { type CallRecord, callRecord } from './call-record.js';
import { countLiveCalls, inEveryScope, liveCalls } from './calls/all-calls.js';
import { applyCommand, type Outcome } from './calls/apply-command.js';
import { compose, type House } from './compose.js';
import type { CallId } from './domain/ids.js';
import type { SignalingEvents, SignalingListener } from './host-events.js';
import { createHandler } from './http/handler.js';
import type { RouterOptions } from './http/rest-context.js';
import { createRouter } from './http/router.js';
import type { ResolvedOptions, SignalingServerOptions } from './options.js';
import type { Parts } from './parts.js';
import type { Readiness } from './protocol/rest.js';
import type { OnlineUser } from './protocol/server-events.js';
import { resolveOptions } from './resolve-options.js';

/** How long clients are told to wait before they come back, in milliseconds, unless the host says otherwise. */
const RECONNECT_AFTER_MS = 1_000;

/** How much is going on, as `stats()` tells it. */
export interface SignalingStats {
  /** Users who are online, each counted once. */
  activeUsers: number;
  /** Calls that ring or are active. */
  activeCalls: number;
  /** Connections to this server, joined or not. */
  connections: number;
}

/** How a server closes; all in milliseconds. */
export interface ClosingOptions {
  /** When clients are to come back, counted from the end of their connection. @default 1000 */
  reconnectAfterMs?: number;
  /** How long connections are left alone first, so that balancers learn to send clients elsewhere. @default 0 */
  waitMs?: number;
  /** Over how long connections are then closed, each at a moment of its own. @default 0, all at once */
  overMs?: number;
}

/**
 * Call signaling for WebRTC, as a guest in any `http.Server`: it takes only its own path, and never listens, exits,
 * writes to the console or closes a server.
 *
 * @example
 * const signaling = new SignalingServer({ auth: 'open' });
 * signaling.attach(server);
 * app.use(signaling.router());
 */
export class SignalingServer {
  readonly #options: ResolvedOptions;
  readonly #house: House;
  readonly #detach: (() => void)[] = [];
  #closed: Promise<void> | undefined;

  /**
   * @param options - `auth` is required
   * @param parts - a clock or stores of the host's own
   * @throws TypeError naming the option and the value when an option is wrong
   */
  constructor(options: SignalingServerOptions, parts: Parts = {}) {
    this.#options = resolveOptions(options);
    this.#house = compose(this.#options, parts.stores, parts.clock);
  }

  /**
   * Serves the Socket.IO endpoint on a server of the host, before or after it listens.
   *
   * @param server - any `http.Server`; it stays the host's to listen with and to close
   * @returns this
   * @throws Error after `close()`
   * @see SPEC.md, rules HOST-1 to HOST-5
   */
  attach(server: HttpServer): this {
    if (this.#closed !== undefined) throw new Error('this SignalingServer is closed; create another');
    this.#detach.push(this.#house.gateway.attach(server));
    return this;
  }

  /** The REST routes as an Express router: `/api/login`, `/api/users`, `/api/online-users`, `/api/ice-servers`, `/health`, `/metrics`. */
  router(options: RouterOptions = {}): Router {
    return createRouter({ ...options, ...this.#house });
  }

  /** The REST routes for a host without Express; other requests go to `next`, or get 404. */
  handler(
    options: RouterOptions = {},
  ): (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void) => void {
    return createHandler(this.router(options));
  }

  /**
   * Listens to an event.
   *
   * @param name - one of {@link SignalingEvents}
   * @param listener - called after the commit of what it is told; what it throws is logged
   * @returns this
   */
  on<Name extends keyof SignalingEvents>(name: Name, listener: SignalingListener<Name>): this {
    this.#house.events.on(name, listener);
    return this;
  }

  /**
   * Stops listening.
   *
   * @param name - the event that was listened to
   * @param listener - the same function that `on` was given
   * @returns this
   */
  off<Name extends keyof SignalingEvents>(name: Name, listener: SignalingListener<Name>): this {
    this.#house.events.off(name, listener);
    return this;
  }

  /**
   * Whether clients are to be sent here: for the readiness probe of a host.
   *
   * @see SPEC.md, rule NODE-14
   */
  get readiness(): Readiness {
    const { among } = this.#house;
    if (this.#closed !== undefined) return 'draining';
    if (among === undefined || among.isReady) return 'ready';
    return among.isAway ? 'stores away' : 'starting';
  }

  /** Who is online, one entry a user. */
  async onlineUsers(): Promise<OnlineUser[]> {
    return this.#house.roster.list().map((user) => ({ ...user }));
  }

  /** The calls that ring or are active. */
  async activeCalls(): Promise<CallRecord[]> {
    return (await liveCalls(this.#house.calls.stores)).map(callRecord);
  }

  /** @returns how many users, calls and connections there are now */
  async stats(): Promise<SignalingStats> {
    const { calls, roster, gateway } = this.#house;
    return {
      activeUsers: roster.size,
      activeCalls: await countLiveCalls(calls.stores),
      connections: gateway.connectionCount,
    };
  }

  /**
   * Ends a call; both sides get `call_ended` with the reason `removed`. Of several scopes that have a call of that id all
   * end theirs.
   *
   * @param callId - as in {@link CallRecord}
   * @returns whether there was a live call to end
   */
  async endCall(callId: string): Promise<boolean> {
    const { stores } = this.#house.calls;
    const outcomes = await inEveryScope(stores, (scope) => this.#remove(scope, callId, 'removed'));
    return outcomes.some(({ ok }) => ok);
  }

  /**
   * Ends the calls of a user (`removed`) and disconnects every device for good.
   *
   * @param userId - as the user joined with it
   * @returns how many devices there were
   * @throws whatever a store throws, or an Error when it takes 2 s: the connections to this server are closed all the same
   */
  async disconnectUser(userId: string): Promise<number> {
    return this.#house.dismissals.disconnectUser(userId);
  }

  /**
   * Takes credentials back: disconnects for good whoever lives by them, ends their calls (`removed`), and refuses them
   * from now on, at every node, for as long as the stores remember. What is issued later is good.
   *
   * What does not tell its `issuedAt` counts as issued when the host was asked about it, and a JWT without `iat` as older
   * than any revocation. In `open` mode there is nothing to refuse.
   *
   * @param target - all credentials of a user until now, or the ones that bear a `jti`
   * @returns how many devices there were; of some credentials of a user, or of those with a `jti`, those at this node
   * @throws as {@link SignalingServer.disconnectUser}; a node refuses the credentials all the same, and tells the stores later
   * @see SPEC.md, rules AUTH-13 and NODE-16
   */
  async revoke(target: RevokeTarget): Promise<number> {
    const { dismissals, security } = this.#house;
    const devices = await dismissals.revoke(target);
    security.revoked(target, devices);
    return devices;
  }

  #remove(scope: string, callId: CallId, reason: 'removed' | 'server_shutdown'): Promise<Outcome> {
    const { calls } = this.#house;
    return applyCommand(calls.in(scope), callId, { type: 'remove', reason, at: calls.clock.now() });
  }

  /**
   * The option `canSee` would answer otherwise now: everybody is brought up to date on whom they may see. Calls under
   * way go on.
   *
   * @see SPEC.md, rule SEE-3
   */
  visibilityChanged(): void {
    this.#house.renewSight();
  }

  /**
   * Ends what it started: ringing calls end, active ones are left to their peers, transports close; of one of several
   * nodes no call ends. The host's server goes on. Calling it again gives the same promise.
   *
   * @param options - how much time it takes; none unless told
   * @see SPEC.md, rules HOST-6, HOST-12 and NODE-11
   */
  close(options: ClosingOptions = {}): Promise<void> {
    this.#closed ??= this.#close(options);
    return this.#closed;
  }

  async #close({ reconnectAfterMs = RECONNECT_AFTER_MS, waitMs = 0, overMs = 0 }: ClosingOptions): Promise<void> {
    const { gateway } = this.#house;
    const { stores } = this.#house.calls;
    this.#house.drain();
    gateway.announceDraining(reconnectAfterMs);
    if (stores.nodes === undefined) await this.#endRinging();
    else gateway.admitNobody();
    await gateway.letGo({ waitMs, overMs });
    await gateway.close();
    await this.#house.among?.leave();
    for (const detach of this.#detach.splice(0)) detach();
    this.#house.close();
  }

  async #endRinging(): Promise<void> {
    const { stores } = this.#house.calls;
    await inEveryScope(stores, async (scope) => {
      for (const call of await stores.in(scope).calls.live()) {
        if (call.status === 'ringing') await this.#remove(scope, call.id, 'server_shutdown');
      }
    });
  }
}
