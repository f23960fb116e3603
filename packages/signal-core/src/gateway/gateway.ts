import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Server as Engine, Socket as EngineSocket, ServerOptions } from 'engine.io';
import { Server, type Socket } from 'socket.io';
import { Encoder } from 'socket.io-parser';
import type { Identity } from '../auth/identity.js';
import type { Session } from '../domain/session.js';
import type { ResolvedOptions } from '../options.js';
import { SignalingError } from '../protocol/errors.js';
import { LIMITS } from '../protocol/limits.js';
import { whoConnects } from './authenticate.js';
import { Admission, isHandshake, turnAway, turnAwayUpgrade } from './bounds/admission.js';
import { Allowance, type SocketLimits, socketLimits } from './bounds/allowance.js';
import { BoundedDecoder, decoderOf } from './bounds/bounded-decoder.js';
import { BoundedEngine } from './bounds/bounded-engine.js';
import { Line } from './bounds/line.js';
import { closeConnections } from './close-connections.js';
import { Connection } from './connection.js';
import { departure } from './disconnect.js';
import { dispatch } from './dispatch.js';
import type { GatewayContext } from './gateway-context.js';
import { intercept } from './intercept.js';
import { letGo, type Parting } from './let-go.js';
import { isAllowedOrigin } from './origin.js';
import { errorBody } from './reply.js';

const PING_INTERVAL_MS = 9_000;
const PING_TIMEOUT_MS = 5_000;

type EngineRequest = Parameters<Engine['handleRequest']>[0];

/** Where sockets live: takes connections, hands their events to {@link dispatch}, and lets them go. */
export class Gateway {
  readonly #context: GatewayContext;
  readonly #options: ResolvedOptions;
  readonly #socketLimits: SocketLimits;
  readonly #admission: Admission;
  readonly #engine: BoundedEngine;
  readonly #io: Server;
  readonly #lines = new Map<EngineSocket, Line>();
  readonly #connections = new Set<Connection>();
  /** Of those who showed credentials with the handshake. */
  readonly #identities = new WeakMap<Socket, Identity>();

  constructor(context: GatewayContext) {
    const { options } = context;
    this.#context = context;
    this.#options = options;
    this.#socketLimits = socketLimits(options.limits);
    this.#admission = new Admission(options.limits, context.readAddress);
    const bounds = { clock: context.clock, limits: options.limits };
    const engineOptions: ServerOptions = {
      pingInterval: PING_INTERVAL_MS,
      pingTimeout: PING_TIMEOUT_MS,
      maxHttpBufferSize: LIMITS.packetBytes,
      transports: ['polling', 'websocket'],
      perMessageDeflate: false,
      httpCompression: false,
      cors: { origin: options.origins === '*' ? true : [...options.origins], credentials: true },
      allowRequest: (req, callback) => callback(null, this.#isAllowed(req)),
    };
    this.#engine = new BoundedEngine(engineOptions, bounds);
    // the GET of a page to where it came from shows no Origin, its POST does: whoever got in by that gets no further
    this.#engine.use((req: IncomingMessage, _res: unknown, next: (error?: Error) => void) =>
      next(isHandshake(req) || this.#isAllowed(req) ? undefined : new Error('another origin')),
    );
    this.#io = new Server({
      serveClient: false,
      parser: { Encoder, Decoder: BoundedDecoder },
    });
    this.#engine.on('connection', (socket: EngineSocket) => {
      this.#lines.set(socket, new Line(socket, bounds));
      this.#admission.count(socket);
      socket.once('close', () => this.#lines.delete(socket));
    });
    this.#io.bind(this.#engine);
    if (context.authenticator.mode !== 'open') this.#io.use((socket, next) => void this.#identify(socket).then(next));
    this.#io.on('connection', (socket) => this.#accept(socket));
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** @returns how to detach from the server */
  attach(server: HttpServer): () => void {
    return intercept(server, {
      path: this.#options.path,
      // Engine.IO adds its own members to the request by itself
      onRequest: (req, res) => {
        const refusal = this.#admission.refuse(req);
        if (refusal === undefined) this.#engine.handleRequest(req as EngineRequest, res);
        else turnAway(res, refusal);
      },
      onUpgrade: (req, socket, head) => {
        const refusal = this.#admission.refuse(req);
        if (refusal === undefined) this.#engine.handleUpgrade(req as EngineRequest, socket, head);
        else turnAwayUpgrade(socket, refusal);
      },
    });
  }

  /** Disconnects connections for good, joined or not; each departs behind what it has under way. */
  dismiss(isOne: (connection: Connection) => boolean): void {
    for (const connection of this.#connections) if (isOne(connection)) connection.dismiss('left');
  }

  /** Who holds a lost device lets go of it. */
  async leaveLost(sessions: Session[]): Promise<void> {
    const { calls, sessions: tracker } = this.#context;
    const isOurs = ({ node }: Session) => node === calls.node?.();
    for (const session of sessions) if (session.lostAt !== undefined && isOurs(session)) await tracker.leave(session);
  }

  /** The devices whose credentials were taken back, lost ones among them. */
  revokedSessions(): Session[] {
    return this.#context.devices.sessionsOf((connection) => this.#isOfRevoked(connection));
  }

  /** Disconnects for good whoever lives by such credentials, or did until the connection was lost. */
  async dismissRevoked(): Promise<void> {
    const lost = this.#context.devices.sessionsOf((one) => this.#isOfRevoked(one) && !this.#connections.has(one));
    this.dismiss((connection) => this.#isOfRevoked(connection));
    for (const session of lost) await this.#context.sessions.leave(session);
  }

  /** Lets go of clients that do not read; to be called every second. */
  cutStale(): void {
    const now = this.#context.clock.now();
    for (const line of this.#lines.values()) line.cutIfStale(now);
  }

  /** Ends every transport at once: whoever spoke over one is held by others, and comes back. */
  cutAll(): void {
    for (const connection of this.#connections) {
      connection.dismissal = 'nothing';
      connection.cut();
    }
  }

  /** Tells every client that the server goes down, and when to come back. */
  announceDraining(reconnectAfterMs: number): void {
    for (const connection of this.#connections) connection.send('server_draining', { reconnectAfterMs });
  }

  /** From now on whoever is not connected is turned away, to another node. */
  admitNobody(): void {
    this.#admission.shut((sid) => this.#engine.has(sid));
  }

  /** Closes the transports in their own time; devices are lost, as by any other loss. */
  letGo(parting: Parting): Promise<void> {
    return letGo(() => this.#lines.keys(), parting, this.#context.clock);
  }

  /** Closes every transport, so that clients come back by themselves, and the engine. */
  async close(): Promise<void> {
    for (const connection of this.#connections) connection.dismissal = 'nothing';
    // all of the engine's: some have not connected to Socket.IO yet
    await closeConnections([...this.#lines.keys()]);
    await this.#io.close();
  }

  #isOfRevoked({ credentials: { identity } }: Connection): boolean {
    return identity !== undefined && this.#isRevoked(identity);
  }

  /** @returns what to refuse the connection by: Socket.IO sends the message of an error, and its `data` */
  async #identify(socket: Socket): Promise<Error | undefined> {
    const { authenticator, calls, metrics, security } = this.#context;
    try {
      const identity = authenticator.mode === 'open' ? undefined : await whoConnects(authenticator, socket);
      if (identity !== undefined) this.#identities.set(socket, identity);
      return undefined;
    } catch (error) {
      if (!(error instanceof SignalingError)) calls.log.error({ err: error }, 'a handshake could not be judged');
      const data = errorBody(error);
      metrics.refused(data.code);
      security.refused(socket.request, data.code, 'handshake');
      return Object.assign(new Error(data.message), { data });
    }
  }

  #accept(socket: Socket): void {
    const { clock, metrics, security } = this.#context;
    const { joinTimeoutMs } = this.#options;
    const line = this.#lines.get(socket.conn);
    // it is gone already
    if (line === undefined) return;
    line.connected();
    const connection = new Connection(socket, {
      clock,
      allowance: new Allowance(this.#socketLimits),
      line,
      metrics,
      onKick: (kicked) => security.kicked(socket.request, kicked.session?.user.id),
      startJoinDeadline: (late) => clock.after(joinTimeoutMs, () => missJoin(late)),
    });
    this.#connections.add(connection);
    const identity = this.#identities.get(socket);
    if (identity !== undefined) connection.credentials.show(identity);
    const decoder = decoderOf(socket);
    decoder.onEvent = (packet) => dispatch(this.#context, connection, packet);
    socket.on('disconnect', (reason) => {
      decoder.onEvent = undefined;
      this.#connections.delete(connection);
      connection.credentials.drop();
      connection.cutLater();
      // one that was joining says only then what it takes
      connection.queue.run(() => this.#depart(connection, departure(reason, connection)));
    });
    // taken back while the handshake was under way
    if (identity !== undefined && this.#isRevoked(identity)) connection.dismiss('left');
  }

  #isRevoked(identity: Identity): boolean {
    const { authenticator } = this.#context;
    return authenticator.mode !== 'open' && authenticator.isRevoked(identity);
  }

  async #depart(connection: Connection, kind: 'left' | 'lost' | 'nothing'): Promise<void> {
    const { sessions, calls, watchers } = this.#context;
    const { session } = connection;
    connection.speakForNobody();
    watchers.unwatch(connection);
    if (session === undefined || kind === 'nothing') return;
    try {
      await (kind === 'left' ? sessions.leave(session) : sessions.lose(session));
    } catch (error) {
      calls.log.error({ err: error, userId: session.user.id }, 'a disconnect could not be carried out');
    }
  }

  #isAllowed(req: IncomingMessage): boolean {
    const { host, isEncrypted } = this.#context.readAddress(req);
    const isAllowed = isAllowedOrigin({ origin: req.headers.origin, host, isEncrypted }, this.#options.origins);
    if (!isAllowed) this.#context.security.originRefused(req);
    return isAllowed;
  }
}

function missJoin(connection: Connection): void {
  for (const event of connection.held.splice(0)) event.refuse();
  connection.dismiss('left');
}
