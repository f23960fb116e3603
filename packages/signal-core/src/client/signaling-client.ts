import { v4 as uuidv4 } from 'uuid';
import { FEATURES } from '../domain/feature.js';
import type { ClientPayload } from '../protocol/client-events.js';
import { SignalingError } from '../protocol/errors.js';
import { LIMITS } from '../protocol/limits.js';
import type { UserRef } from '../protocol/server-events.js';
import { CallBook } from './call-book.js';
import { type ClientState, type ClosedReason, Connector } from './connector.js';
import { Credentials } from './credentials.js';
import { Emitter } from './emitter.js';
import { IceConfiguration, type IceServerList, type RtcConfiguration } from './ice-configuration.js';
import { signalingError } from './link.js';
import { LivePresence } from './live-presence.js';
import { type ResolvedOptions, resolveOptions, type SignalingClientOptions } from './options.js';
import { checkJson, sessionDescription } from './payload-check.js';
import type { PresenceList } from './presence-list.js';
import type { CallRequest, SignalingCall } from './signaling-call.js';

/** What a {@link SignalingClient} tells. */
export interface ClientEvents {
  state: [state: ClientState];
  /** Somebody calls. An event of the call that came before its listener waits for it. */
  incomingCall: [call: SignalingCall];
  /** The server gave other STUN and TURN servers, or new credentials for them. */
  iceServers: [iceServers: IceServerList];
  /** The client is closed for good, and all its calls are over. */
  closed: [reason: ClosedReason, error: SignalingError | undefined];
}

/**
 * One device of a user, online: it connects, joins, and comes back after every loss with its calls.
 *
 * @example
 * const client = new SignalingClient({ url: 'https://signal.example', user });
 * client.on('incomingCall', (call) => ring(call));
 * await client.connect();
 * const call = await client.call(userId, { offer, callType: 'video' });
 * @see SPEC.md, section CLIENT
 */
export class SignalingClient {
  readonly #options: ResolvedOptions;
  readonly #emitter: Emitter<ClientEvents>;
  readonly #presence: LivePresence;
  readonly #book: CallBook;
  readonly #ice: IceConfiguration;
  readonly #credentials: Credentials;
  readonly #connector: Connector;
  #self: UserRef;

  /** @throws TypeError when `url` is none */
  constructor(options: SignalingClientOptions) {
    this.#options = resolveOptions(options);
    this.#self = this.#options.user;
    const report = this.#options.onListenerError;
    this.#emitter = new Emitter(report);
    this.#presence = new LivePresence(this.#options.presence, report);
    this.#ice = new IceConfiguration(report, (servers) => this.#emitter.emit('iceServers', servers));
    this.#credentials = new Credentials(this.#options.token, report);
    this.#book = new CallBook({
      self: this.#options.user,
      report,
      iceServers: () => this.#ice.servers,
      onIncoming: (call) => this.#emitter.emit('incomingCall', call),
    });
    this.#connector = new Connector(this.#options, {
      joinPayload: () => this.#joinPayload(),
      hasLiveCall: () => this.#book.isBusy,
      onState: (state) => this.#emitter.emit('state', state),
      onJoined: (link, joined) => {
        this.#self = joined.self ?? this.#options.user;
        this.#credentials.open(link, joined);
        this.#ice.open(link, joined);
        this.#presence.open(link, joined);
        this.#book.open(link, joined);
      },
      onLost: () => {
        this.#credentials.hold();
        this.#ice.hold();
        this.#presence.hold();
        this.#book.hold();
      },
      onEvent: (event, payload) => {
        this.#presence.onEvent(event, payload);
        this.#book.onEvent(event, payload);
      },
      onNetworkChange: () => this.#book.onNetworkChange(),
      onClosed: (reason, error) => {
        this.#credentials.hold();
        this.#ice.hold();
        this.#presence.close();
        this.#book.close();
        this.#emitter.emit('closed', reason, error);
      },
    });
  }

  get state(): ClientState {
    return this.#connector.state;
  }

  /** Who is online. */
  get presence(): PresenceList {
    return this.#presence;
  }

  /** STUN and TURN servers, as the server gave them last; none before it did. */
  get iceServers(): IceServerList {
    return this.#ice.servers;
  }

  /** For `new RTCPeerConnection(client.rtcConfiguration)`, at the moment of a call: credentials lapse. */
  get rtcConfiguration(): RtcConfiguration {
    return this.#ice.rtcConfiguration;
  }

  /** Once joined, under the name that the server knows. */
  get user(): UserRef {
    return this.#self;
  }

  get deviceId(): string {
    return this.#options.deviceId;
  }

  /** The live calls of this device, by id. */
  get calls(): ReadonlyMap<string, SignalingCall> {
    return new Map(this.#book.live.map((call) => [call.id, call]));
  }

  /** @returns how to stop listening */
  on<E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void): () => void {
    return this.#emitter.on(event, listener);
  }

  /**
   * Connects and joins; tried once. After a refusal or a failure it may be called again.
   *
   * @throws SignalingError the server's refusal, or `unavailable` with a {@link ConnectFailure} as its `cause`
   */
  connect(): Promise<void> {
    return this.#connector.connect();
  }

  /**
   * Calls a user. While the connection is lost the call waits for its return.
   *
   * @returns the call, once it rings
   * @throws SignalingError `busy`, `user_offline`, `forbidden`, `payload_too_large`, …; `glare`: that user is calling here, and the call
   * `callId` of the error is in {@link calls}
   */
  async call(to: string, request: CallRequest): Promise<SignalingCall> {
    if (this.state !== 'joined' && this.state !== 'reconnecting') {
      throw new SignalingError('not_joined', 'connect() first');
    }
    const { callType, metadata } = request;
    const offer = sessionDescription(request.offer, 'offer');
    if (metadata !== undefined) checkJson('metadata', metadata, LIMITS.metadataLength);
    const username = this.#presence.users.get(to)?.username ?? to;
    return this.#book.place({ id: uuidv4(), role: 'caller', peer: { id: to, username }, callType, offer, metadata });
  }

  /**
   * A round trip to the server.
   *
   * @returns milliseconds
   * @throws SignalingError `unavailable` without a connection, or without an answer in time
   */
  ping(): Promise<number> {
    const start = performance.now();
    return new Promise((resolve, reject) => {
      const lost = () => reject(new SignalingError('unavailable', 'there is no connection'));
      const { link } = this.#connector;
      if (link === undefined) return lost();
      link.ping(this.#options.ackTimeoutMs, (answer) => {
        if (answer === undefined) lost();
        else if (answer.ok) resolve(performance.now() - start);
        else reject(signalingError(answer.error));
      });
    });
  }

  /** Leaves, which ends the calls of this device, and disconnects. Idempotent. */
  close(): Promise<void> {
    return this.#connector.close();
  }

  #joinPayload(): ClientPayload<'join'> {
    const { user, deviceId } = this.#options;
    return {
      id: user.id,
      username: user.username,
      deviceId,
      protocol: 2,
      features: [...FEATURES],
      ...this.#presence.joinPayload(),
      resume: this.#book.resumePoints,
    };
  }
}
