import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { io } from 'socket.io-client';
import { Encoder, type Packet, PacketType } from 'socket.io-parser';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BoundedDecoder, decoderOf } from '../../src/gateway/bounds/bounded-decoder.ts';
import type { EventPacket } from '../../src/gateway/event-packet.ts';
import { LIMITS } from '../../src/protocol/limits.ts';

/** What the decoder makes of one packet: an event for us, or something for Socket.IO. */
function decode(packet: unknown, { isConnected = true } = {}): { event?: EventPacket; passedOn?: Packet } {
  const decoder = new BoundedDecoder();
  const decoded: { event?: EventPacket; passedOn?: Packet } = {};
  decoder.on('decoded', (passedOn) => Object.assign(decoded, { passedOn }));
  if (isConnected) decoder.onEvent = (event) => Object.assign(decoded, { event });
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
    ['without argument', ['join'], undefined],
    ['with an argument', ['ice_candidate', { to: 'bob', candidate: null }], undefined],
    ['with several', ['ping', 1, 'two', null], 7],
    ['with an odd name', ['a "b" [c]', []], 0],
  ])('[ERR-1] %s is taken as Socket.IO writes it', (_, data, id) => {
    const [packet] = new Encoder().encode({
      type: PacketType.EVENT,
      nsp: '/',
      data,
      ...(id !== undefined && { id }),
    } as Packet);
    const [name, payload] = data;
    const ackId = id === undefined ? undefined : String(id);
    expect(decode(packet)).toEqual({ event: { name, payload, ackId, isOversized: false } });
  });

  test('[ERR-4] before the client has connected, or of another namespace, is left to Socket.IO', () => {
    expect(decode('2["join"]', { isConnected: false }).passedOn).toMatchObject({ nsp: '/', data: ['join'] });
    expect(decode('2/other,["join"]').passedOn).toMatchObject({ nsp: '/other', data: ['join'] });
  });

  test('[ERR-5] of exactly 64 KiB is parsed', () => {
    const packet = eventOf(LIMITS.messageBytes);
    expect(Buffer.byteLength(packet)).toBe(LIMITS.messageBytes);
    expect(decode(packet).event).toMatchObject({ name: 'call_user', isOversized: false });
  });

  test.each([
    ['a byte more than that', eventOf(LIMITS.messageBytes + 1), undefined],
    ['many more', eventOf(4 * LIMITS.messageBytes), undefined],
    ['that many bytes in fewer characters', eventOf(LIMITS.messageBytes + 19, { filler: '€' }), undefined],
    ['an acknowledgement asked for', eventOf(LIMITS.messageBytes + 1, { head: '213' }), '13'],
  ])('[ERR-5] of %s is not parsed, only named', (_, packet, ackId) => {
    expect(Buffer.byteLength(packet)).toBeGreaterThan(LIMITS.messageBytes);
    expect(decode(packet).event).toEqual({ name: 'call_user', payload: undefined, ackId, isOversized: true });
  });

  test('[ERR-5] too large, with a name of odd characters, is named as well', () => {
    const packet = eventOf(LIMITS.messageBytes + 1, { name: 'odd-\\"name\\" [1]' });
    expect(decode(packet).event).toMatchObject({ name: 'odd-"name" [1]', isOversized: true });
  });
});

describe('what is no packet is refused whole', () => {
  test.each([
    ['an oversized connect packet', `0{"token":"${'x'.repeat(LIMITS.messageBytes)}"}`],
    ['an oversized acknowledgement', `31["${'x'.repeat(LIMITS.messageBytes)}"]`],
    ['an oversized event with a very long name', `2["${'x'.repeat(LIMITS.messageBytes)}"]`],
    ['an oversized event without a name', `2[${' '.repeat(LIMITS.messageBytes)}1]`],
    ['an oversized event of another namespace', eventOf(LIMITS.messageBytes + 1, { head: '2/other,5' })],
  ])('[ERR-5] %s', (_, packet) => expect(() => decode(packet)).toThrow());

  test.each([
    ['no array', '2{"a":1}'],
    ['broken JSON', '2["join",{]'],
    ['an acknowledgement id that is no number', '2x1["join"]'],
    ['an acknowledgement id without end', `2${'1'.repeat(40)}["join"]`],
    ['nothing behind its type', '2'],
  ])('[ERR-4] an event with %s', (_, packet) => expect(() => decode(packet)).toThrow());

  test.each([
    ['a buffer', Buffer.from('2["join"]')],
    ['an array buffer', new ArrayBuffer(8)],
    ['the head of a binary event', '51-["call_user",{"_placeholder":true,"num":0}]'],
    ['the head of a binary acknowledgement', '61-1[{"_placeholder":true,"num":0}]'],
  ])('[ERR-6] %s', (_, packet) => expect(() => decode(packet)).toThrow());
});

test('[ERR-9] the installed Socket.IO keeps the decoder of a client where it is looked for', async () => {
  const http = createServer();
  const server = new Server(http, { parser: { Encoder, Decoder: BoundedDecoder }, serveClient: false });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const client = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { transports: ['websocket'] });
  onTestFinished(async () => {
    client.close();
    await server.close();
  });
  const [socket] = (await once(server, 'connection')) as [Socket];
  const decoder = decoderOf(socket);
  expect(decoder).toBeInstanceOf(BoundedDecoder);
  const taken = new Promise<EventPacket>((resolve) => {
    decoder.onEvent = resolve;
  });
  client.emit('ping', null);
  expect(await taken).toMatchObject({ name: 'ping', payload: null });
});
