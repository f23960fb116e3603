import type { Dice } from './dice.ts';
import { hostileFrame } from './hostile-frame.ts';
import type { Cast } from './valid-events.ts';

const UPGRADE = [
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
  'Host: 127.0.0.1',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
  '',
  '',
].join('\r\n');

interface Frame {
  payload: Buffer;
  /** FIN, the reserved bits, and the opcode. */
  first?: number;
  isMasked?: boolean;
  /** What the header claims. @default the truth */
  length?: number;
}

/** A WebSocket frame of a client (RFC 6455, section 5.2), as right or wrong as it is told to be. */
function frame({ payload, first = 0x81, isMasked = true, length = payload.length }: Frame): Buffer {
  const maskBit = isMasked ? 0x80 : 0;
  const head =
    length < 126
      ? Buffer.from([first, maskBit | length])
      : length < 65_536
        ? Buffer.from([first, maskBit | 126, length >> 8, length & 255])
        : Buffer.concat([Buffer.from([first, maskBit | 127]), bigEndian(length)]);
  // with a mask of zeros the payload is as it is
  return Buffer.concat([head, Buffer.alloc(isMasked ? 4 : 0), payload]);
}

function bigEndian(length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return bytes;
}

/** An upgrade, and behind it, at once, the packet that connects and a frame that no client would send. */
export function hostileBytes(cast: Cast, dice: Dice): Buffer {
  const connect = frame({ payload: Buffer.from('40') });
  return Buffer.concat([Buffer.from(UPGRADE, 'latin1'), connect, wrongFrame(cast, dice)]);
}

function wrongFrame(cast: Cast, dice: Dice): Buffer {
  const payload = Buffer.from(hostileFrame(cast, dice).slice(0, 60_000));
  switch (dice.int(9)) {
    case 0:
      return frame({ payload, first: dice.int(256) });
    case 1:
      return frame({ payload, isMasked: false });
    case 2:
      return frame({ payload, length: dice.pick([payload.length + 1, 300_000, 2 ** 31, 2 ** 40, 2 ** 52]) });
    case 3:
      return frame({ payload: dice.bytes(dice.int(200)), first: dice.pick([0x81, 0x82, 0x88, 0x89, 0x8a, 0x01]) });
    case 4: // fragments that never end, or begin nowhere
      return Buffer.concat([
        frame({ payload, first: dice.pick([0x01, 0x00, 0x80]) }),
        frame({ payload, first: dice.pick([0x00, 0x81, 0x09]) }),
      ]);
    case 5: // closing, with a code that is none, or half of one
      return frame({ payload: dice.pick([Buffer.from([3]), Buffer.from([0, 0]), dice.bytes(130)]), first: 0x88 });
    case 6: // compressed, though nobody agreed on that
      return frame({ payload, first: 0xc1 });
    case 7:
      return frame({ payload }).subarray(0, dice.int(12));
    default:
      return dice.bytes(1 + dice.int(64));
  }
}
