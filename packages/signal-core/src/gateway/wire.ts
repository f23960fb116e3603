import type { Socket as TcpSocket } from 'node:net';
import type { Socket as EngineSocket } from 'engine.io';
import type { ServerEvent, ServerPayloads } from '../protocol/server-events.js';
import { textFrame } from './text-frame.js';

/** A Socket.IO event packet of the default namespace (Socket.IO protocol 5), as text. */
export function encodeEvent<E extends ServerEvent>(event: E, payload: ServerPayloads[E]): string {
  return `2${JSON.stringify([event, payload])}`;
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
  if (socket === undefined) conn.write(text);
  else sendFrame(socket, prepare(text).frame);
}

export function writePrepared(conn: EngineSocket, { text, frame }: Prepared): void {
  const socket = openWebSocketOf(conn);
  if (socket === undefined) conn.write(text);
  else sendFrame(socket, frame);
}

/** The `ws` socket below a WebSocket transport, as far as it is used here. */
export interface RawWebSocket {
  terminate(): void;
  prependOnceListener(event: 'close', listener: (code: number) => void): void;
  readyState: number;
  _socket?: TcpSocket | null;
  _sender?: { sendFrame(buffers: Buffer[]): void };
}

/** Private members of Engine.IO and ws: guarded here, and pinned by a test. */
export function rawWebSocketOf(conn: EngineSocket): RawWebSocket | undefined {
  // the WebSocket transport holds its ws socket under this name; other transports have none
  return (conn.transport as { socket?: RawWebSocket }).socket;
}

type Writable = RawWebSocket & Required<Pick<RawWebSocket, '_sender'>> & { _socket: TcpSocket };

const OPEN = 1;

/** The socket to write frames to, when nothing that was written before still waits in Engine.IO's buffer. */
function openWebSocketOf(conn: EngineSocket): Writable | undefined {
  // the buffer is an array of packets, private by type only
  const { writeBuffer } = conn as unknown as { writeBuffer?: unknown[] };
  if (writeBuffer?.length !== 0 || conn.readyState !== 'open') return undefined;
  const socket = rawWebSocketOf(conn);
  return socket !== undefined && isWritable(socket) ? socket : undefined;
}

function isWritable(socket: RawWebSocket): socket is Writable {
  return socket.readyState === OPEN && Boolean(socket._socket) && typeof socket._sender?.sendFrame === 'function';
}

/** Frames that one turn of the event loop makes for a connection leave in one system call. */
function sendFrame(socket: Writable, frame: Buffer): void {
  const tcp = socket._socket;
  if (tcp.writableCorked === 0) {
    tcp.cork();
    setImmediate(() => tcp.uncork());
  }
  socket._sender.sendFrame([frame]);
}
