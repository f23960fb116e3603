import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server as Engine, type Socket as EngineSocket } from 'engine.io';
import { Server, type Socket } from 'socket.io';
import { Encoder } from 'socket.io-parser';
import type { UserId } from '../domain/ids.js';
import type { ResolvedOptions } from '../options.js';
import { LIMITS } from '../protocol/limits.js';
import { BoundedDecoder, decoderOf } from './bounded-decoder.js';
import { closeConnections } from './close-connections.js';
import { Connection } from './connection.js';
import { departure } from './disconnect.js';
import { dispatch } from './dispatch.js';
import type { GatewayContext } from './gateway-context.js';
import { intercept } from './intercept.js';
import { isAllowedOrigin } from './origin.js';

const PING_INTERVAL_MS = 9_000;
const PING_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;

type EngineRequest = Parameters<Engine['handleRequest']>[0];

/** Where sockets live: takes connections, hands their events to {@link dispatch}, and lets them go. */
export class Gateway {
  readonly #context: GatewayContext;
  readonly #options: ResolvedOptions;
  readonly #engine: Engine;
  readonly #io: Server;
  readonly #engineSockets = new Set<EngineSocket>();
  readonly #connections = new Set<Connection>();

  constructor(context: GatewayContext) {
    const { options } = context;
    this.#context = context;
    this.#options = options;
    this.#engine = new Engine({
      pingInterval: PING_INTERVAL_MS,
      pingTimeout: PING_TIMEOUT_MS,
      maxHttpBufferSize: LIMITS.packetBytes,
      transports: ['polling', 'websocket'],
      perMessageDeflate: false,
      httpCompression: false,
      cors: { origin: options.origins === '*' ? true : [...options.origins], credentials: true },
      allowRequest: (req, callback) => callback(null, this.#isAllowed(req)),
    });
    this.#io = new Server({
      serveClient: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      parser: { Encoder, Decoder: BoundedDecoder },
    });
    this.#engine.on('connection', (socket: EngineSocket) => {
      this.#engineSockets.add(socket);
      socket.once('close', () => this.#engineSockets.delete(socket));
    });
    this.#io.bind(this.#engine);
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
      onRequest: (req, res) => this.#engine.handleRequest(req as EngineRequest, res),
      onUpgrade: (req, socket, head) => this.#engine.handleUpgrade(req as EngineRequest, socket, head),
    });
  }

  /** Disconnects every device of a user for good; each departs behind what it has under way. @returns how many */
  async disconnectUser(userId: UserId): Promise<number> {
    const sessions = await this.#context.calls.stores.presence.sessionsOf(userId);
    for (const session of sessions) if (session.lostAt !== undefined) await this.#context.sessions.leave(session);
    for (const connection of this.#connections) if (connection.session?.user.id === userId) connection.dismiss('left');
    return sessions.length;
  }

  /** Tells every client that the server goes down, and when to come back. */
  announceDraining(reconnectAfterMs: number): void {
    for (const connection of this.#connections) connection.send('server_draining', { reconnectAfterMs });
  }

  /** Closes every transport, so that clients come back by themselves, and the engine. */
  async close(): Promise<void> {
    for (const connection of this.#connections) connection.dismissal = 'nothing';
    // all of the engine's: some have not connected to Socket.IO yet
    await closeConnections([...this.#engineSockets]);
    await this.#io.close();
  }

  #accept(socket: Socket): void {
    const { calls } = this.#context;
    const connection = new Connection(socket, (late) =>
      calls.clock.after(this.#options.joinTimeoutMs, () => missJoin(late)),
    );
    this.#connections.add(connection);
    const decoder = decoderOf(socket);
    decoder.onEvent = (packet) => {
      try {
        dispatch(this.#context, connection, packet);
      } catch (error) {
        calls.log.error({ err: error }, 'an event could not be dispatched');
      }
    };
    socket.on('disconnect', (reason) => {
      decoder.onEvent = undefined;
      this.#connections.delete(connection);
      const kind = departure(reason, connection);
      connection.queue.run(() => this.#depart(connection, kind));
    });
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
    return isAllowedOrigin({ origin: req.headers.origin, host, isEncrypted }, this.#options.origins);
  }
}

function missJoin(connection: Connection): void {
  for (const event of connection.held.splice(0)) event.refuse();
  connection.dismiss('left');
}
