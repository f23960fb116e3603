import { Encoder, type Packet, PacketType } from 'socket.io-parser';
import { describe, expect, test } from 'vitest';
import { BoundedDecoder, OVERSIZED } from '../../src/gateway/bounded-decoder.ts';
import { LIMITS } from '../../src/protocol/limits.ts';

/** What the decoder makes of one packet. */
function decode(packet: unknown): Packet | undefined {
  const decoder = new BoundedDecoder();
  let decoded: Packet | undefined;
  decoder.on('decoded', (each) => {
    decoded = each;
  });
  decoder.add(packet);
  return decoded;
}

/** `42…` without Engine.IO's 4: an event, filled up to so many bytes. */
function eventOf(bytes: number, { head = '2', name = 'call_user', filler = 'x' } = {}): string {
  const empty = `${head}["${name}",""]`;
  return `${head}["${name}","${filler.repeat((bytes - empty.length) / Buffer.byteLength(filler))}"]`;
}

describe('an event', () => {
  test.each([
    ['without argument', ['join']],
    ['with an argument', ['ice_candidate', { to: 'bob', candidate: null }]],
    ['with several', ['ping', 1, 'two', null]],
  ])('[ERR-5] %s is decoded as Socket.IO does', (_, data) => {
    const [packet] = new Encoder().encode({ type: PacketType.EVENT, nsp: '/', data, id: 7 });
    expect(decode(packet)).toMatchObject({ type: PacketType.EVENT, nsp: '/', data, id: 7 });
  });

  test('[ERR-5] of exactly 64 KiB is decoded', () => {
    const packet = eventOf(LIMITS.messageBytes);
    expect(Buffer.byteLength(packet)).toBe(LIMITS.messageBytes);
    expect(decode(packet)?.data[0]).toBe('call_user');
  });

  test.each([
    ['a byte more than that', eventOf(LIMITS.messageBytes + 1), undefined],
    ['many more', eventOf(4 * LIMITS.messageBytes), undefined],
    ['that many bytes in fewer characters', eventOf(LIMITS.messageBytes + 19, { filler: '€' }), undefined],
    ['an acknowledgement asked for', eventOf(LIMITS.messageBytes + 1, { head: '213' }), 13],
  ])('[ERR-5] of %s is not parsed, only named', (_, packet, id) => {
    expect(Buffer.byteLength(packet)).toBeGreaterThan(LIMITS.messageBytes);
    const decoded = decode(packet);
    expect(decoded).toMatchObject({ type: PacketType.EVENT, data: [OVERSIZED, 'call_user'] });
    expect(decoded?.id).toBe(id);
  });

  test('[ERR-5] of a namespace of its own keeps it', () => {
    const packet = eventOf(LIMITS.messageBytes + 1, { head: '2/other,5' });
    expect(decode(packet)).toMatchObject({ nsp: '/other', id: 5, data: [OVERSIZED, 'call_user'] });
  });
});

describe('what cannot be named is refused whole', () => {
  test.each([
    ['an oversized connect packet', `0{"token":"${'x'.repeat(LIMITS.messageBytes)}"}`],
    ['an oversized acknowledgement', `31["${'x'.repeat(LIMITS.messageBytes)}"]`],
    ['an oversized event with a very long name', `2["${'x'.repeat(LIMITS.messageBytes)}"]`],
    ['an oversized event without a name', `2[${' '.repeat(LIMITS.messageBytes)}1]`],
    ['an oversized event of a name with odd characters', `2["a b","${'x'.repeat(LIMITS.messageBytes)}"]`],
  ])('[ERR-5] %s', (_, packet) => expect(() => decode(packet)).toThrow());

  test.each([
    ['a buffer', Buffer.from('2["join"]')],
    ['an array buffer', new ArrayBuffer(8)],
    ['the head of a binary event', '51-["call_user",{"_placeholder":true,"num":0}]'],
    ['the head of a binary acknowledgement', '61-1[{"_placeholder":true,"num":0}]'],
  ])('[ERR-6] %s', (_, packet) => expect(() => decode(packet)).toThrow());
});
