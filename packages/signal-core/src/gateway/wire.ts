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
 * Writes an encoded packet to a connection. This goes past Socket.IO's encoder, adapter and emitters, a third of
 * a relay's cost; a transport other than WebSocket takes the text.
 */
export function writePacket(conn: EngineSocket, text: string): void {
  writePrepared(conn, isWebSocket(conn) ? prepare(text) : { text, frame: undefined });
}

export function writePrepared(conn: EngineSocket, { text, frame }: { text: string; frame: Buffer | undefined }): void {
  if (frame === undefined || !isWebSocket(conn)) {
    conn.write(text);
    return;
  }
  cork(conn);
  conn.write(text, { wsPreEncodedFrame: [frame] } as object);
}

function isWebSocket(conn: EngineSocket): boolean {
  return conn.transport.name === 'websocket';
}

/** Frames that one turn of the event loop makes for a connection leave in one system call. */
function cork(conn: EngineSocket): void {
  const tcp = tcpSocketOf(conn);
  if (tcp === undefined || tcp.writableCorked > 0) return;
  tcp.cork();
  setImmediate(() => tcp.uncork());
}

/** The `ws` socket below a WebSocket transport, as far as it is used here. */
export interface RawWebSocket {
  terminate(): void;
  prependOnceListener(event: 'close', listener: (code: number) => void): void;
  _socket?: TcpSocket | null;
}

/** Private members of engine.io and ws: guarded here, and pinned by a test. */
export function rawWebSocketOf(conn: EngineSocket): RawWebSocket | undefined {
  // the WebSocket transport holds its ws socket under this name; other transports have none
  return (conn.transport as { socket?: RawWebSocket }).socket;
}

function tcpSocketOf(conn: EngineSocket): TcpSocket | undefined {
  return rawWebSocketOf(conn)?._socket ?? undefined;
}
