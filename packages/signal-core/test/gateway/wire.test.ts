import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, Socket as TcpSocket } from 'node:net';
import { Server as Engine, type Socket as EngineSocket } from 'engine.io';
import { Encoder, PacketType } from 'socket.io-parser';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { textFrame } from '../../src/gateway/text-frame.ts';
import { encodeEvent, prepare, rawWebSocketOf, writePacket, writePrepared } from '../../src/gateway/wire.ts';

/** An engine as the gateway runs it, without Socket.IO on top; it ends with the test. */
async function engine(): Promise<{ url: string; accepted: Promise<EngineSocket> }> {
  const server = createServer();
  const attached = new Engine({ transports: ['polling', 'websocket'], perMessageDeflate: false });
  attached.attach(server);
  const accepted = once(attached, 'connection').then(([conn]) => conn as EngineSocket);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    attached.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { url: `//127.0.0.1:${port}/engine.io/?EIO=4`, accepted };
}

/** A WebSocket to the engine, open, with all messages after the first (`open`) in the order in which they come. */
async function webSocket() {
  const { url, accepted } = await engine();
  const client = new WebSocket(`ws:${url}&transport=websocket`);
  onTestFinished(() => client.terminate());
  const messages: string[] = [];
  client.on('message', (data) => messages.push(String(data)));
  const [conn] = await Promise.all([accepted, once(client, 'open')]);
  const received = async (count: number) => {
    while (messages.length < count + 1) await once(client, 'message');
    return messages.slice(1);
  };
  return { conn, client, received };
}

/** A long-polling client: what the engine has for it, one poll at a time. */
async function polling() {
  const { url, accepted } = await engine();
  const poll = async (sid = '') => (await fetch(`http:${url}&transport=polling${sid}`)).text();
  const open = await poll();
  const sid = `&sid=${JSON.parse(open.slice(1)).sid}`;
  return { conn: await accepted, poll: () => poll(sid) };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test('[CALL-1] an event is encoded as Socket.IO does', () => {
  const payload = { status: 'ringing', callId: 'c1' } as const;
  const data = ['call_status', payload];
  expect([encodeEvent('call_status', payload)]).toEqual(
    new Encoder().encode({ type: PacketType.EVENT, nsp: '/', data }),
  );
});

describe('over WebSocket', () => {
  test('[CALL-3] a packet arrives as it was written, in order', async () => {
    const { conn, received } = await webSocket();
    const texts = ['2["pong"]', `2["x","${'é€🎥'.repeat(9_000)}"]`, '2["last"]'];
    for (const text of texts) writePacket(conn, text);
    expect(await received(3)).toEqual(texts.map((text) => `4${text}`));
  });

  test('[PRES-3] a prepared packet is written from its frame, which is made once', async () => {
    const { conn, received } = await webSocket();
    writePrepared(conn, { text: 'not this', frame: textFrame('4but this') });
    writePrepared(conn, prepare('2["pong"]'));
    expect(await received(2)).toEqual(['4but this', '42["pong"]']);
  });

  test('[PRES-3] packets of one turn leave together, and the next turn is not held up', async () => {
    const { conn, received } = await webSocket();
    const tcp = rawWebSocketOf(conn)?._socket;
    expect(tcp).toBeInstanceOf(TcpSocket);
    writePacket(conn, '2["one"]');
    writePacket(conn, '2["two"]');
    expect(tcp?.writableCorked).toBe(1);
    await nextTurn();
    expect(tcp?.writableCorked).toBe(0);
    await received(2);
    writePacket(conn, '2["three"]');
    expect(tcp?.writableCorked).toBe(1);
    expect(await received(3)).toHaveLength(3);
  });

  test('[ERR-9] a packet does not overtake what Engine.IO still holds back', async () => {
    const { conn, received } = await webSocket();
    writePacket(conn, 'one');
    for (const text of ['two', 'three']) conn.write(text);
    expect(conn).toMatchObject({ writeBuffer: [{ data: 'three' }] });
    writePacket(conn, 'four');
    writePrepared(conn, prepare('five'));
    expect(await received(5)).toEqual(['4one', '4two', '4three', '4four', '4five']);
    writePacket(conn, 'six');
    expect((await received(6)).at(-1)).toBe('4six');
  });

  test('[LOSS-1] the private members that are read are there: the ws socket, its close code, its end', async () => {
    const { conn, client } = await webSocket();
    const raw = rawWebSocketOf(conn);
    if (raw === undefined) throw new Error('engine.io holds its ws socket under another name');
    const closed = new Promise<void>((resolve) => raw.prependOnceListener('close', resolve));
    client.close(1001);
    await closed;
    expect(raw._closeCode).toBe(1001);

    const { conn: cut, client: other } = await webSocket();
    const cutOff = once(other, 'close');
    rawWebSocketOf(cut)?.terminate();
    expect((await cutOff)[0]).toBe(1006);
  });
});

describe('over polling', () => {
  test('[CALL-3] a packet, prepared or not, arrives as its text', async () => {
    const { conn, poll } = await polling();
    expect(conn.transport.name).toBe('polling');
    const answer = poll();
    writePacket(conn, '2["pong"]');
    expect(await answer).toBe('42["pong"]');
    const next = poll();
    writePrepared(conn, { text: '2["list"]', frame: textFrame('4never this') });
    expect(await next).toBe('42["list"]');
  });

  test('[LOSS-1] there is no WebSocket to be found', async () => {
    const { conn } = await polling();
    expect(rawWebSocketOf(conn)).toBeUndefined();
  });
});
