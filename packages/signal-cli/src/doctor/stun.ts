import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { inTime } from '../session/in-time.js';
import type { Place } from './network.js';

const MAGIC_COOKIE = 0x2112a442;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const HEADER_BYTES = 20;
/** UDP loses packets: it is asked again after these milliseconds. */
const ASK_AT_MS = [0, 250, 750];

/**
 * Asks a STUN or TURN server, by UDP, whether it is there (RFC 8489, section 5).
 *
 * @param address - an address, not a name
 */
export async function askStun({ host: address, port }: Place, timeoutMs: number): Promise<void> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  const request = bindingRequest();
  const answered = new Promise<void>((resolve, reject) => {
    socket.on('message', (message) => {
      if (isAnswerTo(message, request)) resolve();
    });
    socket.on('error', reject);
  });
  const timers = ASK_AT_MS.map((ms) => setTimeout(() => socket.send(request, port, address), ms));
  try {
    await inTime(answered, timeoutMs, 'an answer');
  } finally {
    for (const timer of timers) clearTimeout(timer);
    socket.close();
  }
}

function bindingRequest(): Buffer {
  const message = Buffer.alloc(HEADER_BYTES);
  message.writeUInt16BE(BINDING_REQUEST, 0);
  message.writeUInt32BE(MAGIC_COOKIE, 4);
  randomBytes(12).copy(message, 8);
  return message;
}

function isAnswerTo(message: Buffer, request: Buffer): boolean {
  const isSuccess = message.length >= HEADER_BYTES && message.readUInt16BE(0) === BINDING_SUCCESS;
  // the cookie and the id of the transaction
  return isSuccess && message.subarray(4, HEADER_BYTES).equals(request.subarray(4));
}
