import type { Incoming } from './protocol.js';

/** The WebSocket of a Socket.IO server. */
export const SOCKETIO_PATH = '/socket.io/?EIO=4&transport=websocket';

const CONNECT: Incoming = { kind: 'handshake', text: '40' };
const PONG: Incoming = { kind: 'heartbeat', text: '3' };
const NOTHING: Incoming = { kind: 'nothing' };
const TAKEN: Incoming = { kind: 'taken' };
const REFUSAL: Incoming = { kind: 'refusal' };

/** Writes an event packet; `payload` is JSON text. With an id the server is asked for an acknowledgement. */
export function eventPacket(event: string, payload: string, id?: number): string {
  return `42${id ?? ''}["${event}",${payload}]`;
}

/**
 * Reads a packet: open, ping and acknowledgements mean the same always, a namespace connect and events are for the caller.
 *
 * @param onConnect - what the accepted namespace connect means
 * @param onEvent - what an event of this name means
 */
export function readPacket(
  text: string,
  onConnect: (text: string) => Incoming,
  onEvent: (event: string, text: string) => Incoming,
): Incoming {
  switch (text.slice(0, 2)) {
    case '42':
      return onEvent(text.slice(4, text.indexOf('"', 4)), text);
    case '43':
      return text.includes('{"ok":true') ? TAKEN : REFUSAL;
    case '2':
      return PONG;
    case '0{':
      return CONNECT;
    case '40':
      return onConnect(text);
    default:
      return NOTHING;
  }
}

/** The string value of a key near the beginning of a message. */
export function stringField(text: string, key: string): string {
  const start = text.indexOf(`"${key}":"`) + key.length + 4;
  return text.slice(start, text.indexOf('"', start));
}
