/**
 * Writes and reads the packets of Socket.IO 5 for one namespace, as text: what is made for all cases costs a load
 * generator as much as the server that it measures. What most answers of a server are is read without parsing, and
 * what it says about who is online stays text.
 *
 * @see https://socket.io/docs/v4/socket-io-protocol
 */
const EVENT = 2;
const ACK = 3;
const ZERO = '0'.charCodeAt(0);
const NINE = '9'.charCodeAt(0);
const TAKEN = '[{"ok":true}]';
const PRESENCE_EVENTS = ['users_updated', 'presence_changed', 'presence_state'];

export interface Packet {
  type: number;
  nsp: string;
  data?: unknown;
  id?: number;
}

/** A payload that is JSON already. */
export class JsonText {
  readonly json: string;

  constructor(json: string) {
    this.json = json;
  }
}

/** For the option `parser` of socket.io-client. */
export class Encoder {
  encode({ type, data, id }: Packet): string[] {
    return [`${type}${id ?? ''}${data === undefined ? '' : write(data)}`];
  }
}

/** For the option `parser` of socket.io-client. */
export class Decoder {
  #listener: ((packet: Packet) => void) | undefined;

  on(_event: 'decoded', listener: (packet: Packet) => void): void {
    this.#listener = listener;
  }

  off(): void {
    this.#listener = undefined;
  }

  /** @throws SyntaxError for what is no packet; socket.io-client closes the connection then */
  add(text: string): void {
    this.#listener?.(readPacket(text));
  }

  destroy(): void {}
}

/** @throws SyntaxError */
export function readPacket(text: string): Packet {
  const type = text.charCodeAt(0) - ZERO;
  let at = 1;
  if (type === EVENT || type === ACK) while (isDigit(text.charCodeAt(at))) at += 1;
  const json = text.slice(at);
  const packet: Packet = { type, nsp: '/' };
  if (at > 1) packet.id = Number(text.slice(1, at));
  if (json !== '') packet.data = type === ACK && json === TAKEN ? [{ ok: true }] : read(json);
  return packet;
}

function write(data: unknown): string {
  if (!Array.isArray(data) || !(data[1] instanceof JsonText)) return JSON.stringify(data);
  return `[${JSON.stringify(data[0])},${data[1].json}]`;
}

function read(json: string): unknown {
  const event = PRESENCE_EVENTS.find((name) => json.startsWith(`["${name}",`));
  if (event === undefined) return JSON.parse(json);
  return [event, new JsonText(json.slice(event.length + 4, -1))];
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}
