import type { Socket } from 'socket.io';
import { Decoder } from 'socket.io-parser';
import { type EventPacket, isOversized, parseEvent } from '../event-packet.js';

const DISCONNECT = '1';
/** A client has two packets for us that are no events: the first and the last. The others are not counted elsewhere. */
const MAX_OTHERS = 100;

/**
 * Socket.IO's decoder, without binary and within our limits. Events of a connected client do not take Socket.IO's way
 * through its emitters, two turns of the microtask queue and a quarter of the cost of a relay, but go straight to
 * whoever took them.
 *
 * @see SPEC.md, rules ERR-5 and ERR-6
 */
export class BoundedDecoder extends Decoder {
  /** Takes the events of the client, once it has connected. */
  onEvent: ((packet: EventPacket) => void) | undefined;
  /** The client said goodbye, as against having its connection closed, which may follow at once. */
  saidGoodbye = false;
  #isConnected = false;
  #others = 0;

  constructor() {
    super({ maxAttachments: 0 });
  }

  /** @throws Error for what is no packet; Socket.IO then closes the connection */
  override add(packet: unknown): void {
    if (typeof packet !== 'string') throw new Error('binary packets are refused');
    // Socket.IO makes a socket of each connect packet, however many come before the first has its own
    if (isConnect(packet)) {
      if (this.#isConnected) throw new Error('connected already');
      this.#isConnected = true;
    }
    if (packet === DISCONNECT) this.saidGoodbye = true;
    const event = this.onEvent && parseEvent(packet);
    if (event !== undefined) this.onEvent?.(event);
    else this.#addOther(packet);
  }

  #addOther(packet: string): void {
    if (isOversized(packet)) throw new Error('packet too large');
    this.#others += 1;
    if (this.#others > MAX_OTHERS) throw new Error('too many packets that are no events');
    super.add(packet);
  }
}

/**
 * Whether Socket.IO's decoder reads it as a connect packet to the main namespace: it takes no character, and a blank,
 * for the number 0, and `/` for no name.
 */
function isConnect(packet: string): boolean {
  return Number(packet.charAt(0)) === 0 && (packet[1] !== '/' || packet.length === 2 || packet[2] === ',');
}

/** The decoder of a socket's client: private in Socket.IO by type only, and pinned by a test. */
export function decoderOf(socket: Socket): BoundedDecoder {
  return (socket.client as unknown as { decoder: BoundedDecoder }).decoder;
}
