import { Decoder } from 'socket.io-parser';
import { LIMITS } from '../protocol/limits.js';

/** What an oversized event is decoded as; its only argument is the name of the event that it was. */
export const OVERSIZED = 'payload_too_large';

const EVENT_HEAD = /^(2(?:\/[^,]*,)?\d*)\[\s*"(\w{1,64})"/;

/**
 * Socket.IO's decoder without binary, and with the limit of a message: what is larger is not parsed, only named.
 *
 * @see SPEC.md, rules ERR-5 and ERR-6
 */
export class BoundedDecoder extends Decoder {
  constructor() {
    super({ maxAttachments: 0 });
  }

  override add(packet: unknown): void {
    if (typeof packet !== 'string') throw new Error('binary packets are refused');
    super.add(isOversized(packet) ? named(packet) : packet);
  }
}

function isOversized(packet: string): boolean {
  return packet.length > LIMITS.messageBytes / 3 && Buffer.byteLength(packet) > LIMITS.messageBytes;
}

function named(packet: string): string {
  const [, head, event] = EVENT_HEAD.exec(packet) ?? [];
  if (head === undefined) throw new Error('packet too large');
  return `${head}${JSON.stringify([OVERSIZED, event])}`;
}
