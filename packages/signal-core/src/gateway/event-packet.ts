import { LIMITS } from '../protocol/limits.js';

/** An event of the default namespace, as a client sent it. */
export interface EventPacket {
  name: unknown;
  /** The first argument; an event has no second one. */
  payload: unknown;
  /** Set when the client wants an acknowledgement. */
  ackId: string | undefined;
  /** More than a message may have: then it was not parsed, and has no payload. */
  isOversized: boolean;
}

const EVENT_TYPE = '2';
const ACK_ID = /^\d{1,15}$/;
const FIRST_STRING = /^\[\s*("(?:[^"\\]|\\.){0,200}")/;

/**
 * Parses a packet of the Socket.IO protocol (revision 5) that is an event of the default namespace:
 * `2`, an acknowledgement id if any, and a JSON array of the name and its arguments.
 *
 * @returns `undefined` for a packet of another kind
 * @throws Error when the packet is malformed
 */
export function parseEvent(packet: string): EventPacket | undefined {
  if (packet[0] !== EVENT_TYPE || packet[1] === '/') return undefined;
  const start = packet.indexOf('[');
  const ackId = start > 1 ? packet.slice(1, start) : undefined;
  if (start < 1 || (ackId !== undefined && !ACK_ID.test(ackId))) throw new Error('malformed event packet');
  const body = packet.slice(start);
  if (isOversized(packet)) {
    const name = FIRST_STRING.exec(body)?.[1];
    if (name === undefined) throw new Error('packet too large');
    return { name: JSON.parse(name), payload: undefined, ackId, isOversized: true };
  }
  const data: unknown[] = JSON.parse(body);
  return { name: data[0], payload: data[1], ackId, isOversized: false };
}

/** Whether a packet has more bytes than a message may have; a character has three at most. */
export function isOversized(packet: string): boolean {
  return packet.length > LIMITS.messageBytes / 3 && Buffer.byteLength(packet) > LIMITS.messageBytes;
}
