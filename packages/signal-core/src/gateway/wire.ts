import type { Socket } from 'node:net';
import type { Server as Engine, Socket as EngineSocket } from 'engine.io';
import type { ServerEvent, ServerPayloads } from '../protocol/server-events.js';
import { textFrame } from './text-frame.js';

/** A Socket.IO event packet of the default namespace (Socket.IO protocol 5), as text. */
export function encodeEvent<E extends ServerEvent>(event: E, payload: ServerPayloads[E]): string {
  return eventPacket(event, JSON.stringify(payload));
}

/** The same of a payload that is JSON already. */
export function eventPacket(event: ServerEvent, json: string): string {
  return `2["${event}",${json}]`;
}

/** An encoded packet with its WebSocket frame, for many recipients. `4` is Engine.IO's message type. */
export interface Prepared {
  text: string;
  frame: Buffer;
}

export function prepare(text: string): Prepared {
  return { text, frame: textFrame(`4${text}`) };
}

/**
 * Writes an encoded packet to a connection, past Socket.IO's encoder, adapter and emitters and past Engine.IO's
 * buffer, which holds back what follows a frame until that frame is out. A transport other than WebSocket, or one
 * with something in that buffer, takes the text.
 */
export function writePacket(conn: EngineSocket, text: string): void {
  const socket = openWebSocketOf(conn);
  if (socket === undefined) {
    conn.write(text);
    return;
  }
  cork(socket._socket);
  socket._sender.sendFrame([prepare(text).frame]);
}

/** Writes a packet that many get: at once, so that whoever writes them sees what it costs. */
export function writePrepared(conn: EngineSocket, { text, frame }: Prepared): void {
  const socket = openWebSocketOf(conn);
  if (socket === undefined) conn.write(text);
  else socket._sender.sendFrame([frame]);
}

/** Node's socket; how many chunks wait in it is private. */
interface TcpSocket extends Socket {
  _writableState?: { bufferedRequestCount?: number };
}

/** The `ws` socket below a WebSocket transport, as far as it is used here. */
export interface RawWebSocket {
  terminate(): void;
  pause(): void;
  on(event: 'ping' | 'pong', listener: () => void): void;
  removeAllListeners(event: 'message'): void;
  prependOnceListener(event: 'close', listener: () => void): void;
  readyState: number;
  _closeCode?: number;
  _socket?: TcpSocket | null;
  _sender?: { sendFrame(buffers: Buffer[]): void };
}

/** Private members of Engine.IO and ws: guarded here, and pinned by a test. */
export function rawWebSocketOf(conn: Pick<EngineSocket, 'transport'>): RawWebSocket | undefined {
  // the WebSocket transport holds its ws socket under this name; other transports have none
  return (conn.transport as { socket?: RawWebSocket }).socket;
}

/** The TCP socket of a WebSocket; polling has one by request. */
export function tcpSocketOf(conn: EngineSocket): TcpSocket | undefined {
  return rawWebSocketOf(conn)?._socket ?? undefined;
}

type Writable = RawWebSocket & Required<Pick<RawWebSocket, '_sender'>> & { _socket: TcpSocket };

const OPEN = 1;

/** The socket to write frames to, when nothing that was written before still waits in Engine.IO's buffer. */
function openWebSocketOf(conn: EngineSocket): Writable | undefined {
  if (waitingIn(conn).length > 0 || conn.readyState !== 'open') return undefined;
  const socket = rawWebSocketOf(conn);
  return socket !== undefined && isWritable(socket) ? socket : undefined;
}

function isWritable(socket: RawWebSocket): socket is Writable {
  return socket.readyState === OPEN && Boolean(socket._socket) && typeof socket._sender?.sendFrame === 'function';
}

/** Frames that one turn of the event loop makes for a connection leave in one system call. */
function cork(tcp: TcpSocket): void {
  if (tcp.writableCorked > 0) return;
  tcp.cork();
  setImmediate(() => tcp.uncork());
}

export function isClosing(conn: EngineSocket): boolean {
  const socket = rawWebSocketOf(conn);
  return socket !== undefined && socket.readyState > OPEN;
}

/**
 * How long a WebSocket that we close may take to close its side: half a minute, unless told otherwise, and Engine.IO
 * does not pass that on. Private by type only, and pinned by a test.
 */
export function setCloseTimeout(engine: Engine, closeTimeoutMs: number): void {
  const { ws } = engine as unknown as { ws?: { options?: { closeTimeout?: number } } };
  if (ws?.options !== undefined) ws.options.closeTimeout = closeTimeoutMs;
}

/** What Engine.IO holds back: private by type only. */
export function waitingIn(conn: EngineSocket): { data?: string }[] {
  return (conn as unknown as { writeBuffer?: { data?: string }[] }).writeBuffer ?? [];
}
