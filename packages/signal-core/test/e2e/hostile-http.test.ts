import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { expectServing } from './hostile-steps.ts';
import { expectNoProcessFaults } from './process-faults.ts';
import { stage } from './stage.ts';

expectNoProcessFaults();

const POLL = '/socket.io/?EIO=4&transport=polling';
const WS = '/socket.io/?EIO=4&transport=websocket';
const UPGRADE = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';

/** Request lines with headers, and a body. */
const REQUESTS: [string, string[], string?][] = [
  ['a host that is no name', [`GET ${POLL} HTTP/1.1`, 'Host: [', 'Origin: http://[']],
  ['an upgrade with a host that is no name', [`GET ${WS} HTTP/1.1`, 'Host: [', 'Origin: http://[', ...UPGRADE, KEY]],
  ['no host', [`GET ${POLL} HTTP/1.0`, 'Origin: http://undefined']],
  ['an empty host', [`GET ${POLL} HTTP/1.1`, 'Host:', 'Origin: http://']],
  ['two hosts', [`GET ${POLL} HTTP/1.1`, 'Host: a', 'Host: b', 'Origin: http://a, b']],
  ['no engine version', ['GET /socket.io/ HTTP/1.1', 'Host: x']],
  ['an old engine', ['GET /socket.io/?EIO=3&transport=polling HTTP/1.1', 'Host: x']],
  ['an unknown transport', ['GET /socket.io/?EIO=4&transport=pigeon HTTP/1.1', 'Host: x']],
  ['a transport of Object.prototype', ['GET /socket.io/?EIO=4&transport=constructor HTTP/1.1', 'Host: x']],
  ['a transport called __proto__', ['GET /socket.io/?EIO=4&transport=__proto__ HTTP/1.1', 'Host: x']],
  ['two transports', [`GET ${POLL}&transport=websocket HTTP/1.1`, 'Host: x']],
  ['an unknown session', [`GET ${POLL}&sid=none HTTP/1.1`, 'Host: x']],
  ['a session called __proto__', [`GET ${POLL}&sid=__proto__ HTTP/1.1`, 'Host: x']],
  ['two sessions', [`GET ${POLL}&sid=a&sid=b HTTP/1.1`, 'Host: x']],
  ['JSONP', [`GET ${POLL}&j=0 HTTP/1.1`, 'Host: x']],
  ['a broken query', ['GET /socket.io/?%E0%A4%A&EIO=4&transport=%ZZ HTTP/1.1', 'Host: x']],
  ['a post without a session', [`POST ${POLL} HTTP/1.1`, 'Host: x', 'Content-Length: 2'], '40'],
  ['other methods', [`DELETE ${POLL} HTTP/1.1`, 'Host: x']],
  ['an upgrade without a key', [`GET ${WS} HTTP/1.1`, 'Host: x', ...UPGRADE]],
  ['an upgrade of an unknown session', [`GET ${WS}&sid=none HTTP/1.1`, 'Host: x', ...UPGRADE, KEY]],
  ['an upgrade to polling', [`GET ${POLL} HTTP/1.1`, 'Host: x', ...UPGRADE, KEY]],
  ['an upgrade to another protocol', [`GET ${WS} HTTP/1.1`, 'Host: x', 'Connection: Upgrade', 'Upgrade: h2c']],
  ['an upgrade by post', [`POST ${WS} HTTP/1.1`, 'Host: x', ...UPGRADE, KEY, 'Content-Length: 0']],
  ['a WebSocket without an upgrade', [`GET ${WS} HTTP/1.1`, 'Host: x']],
  ['garbage after the upgrade', [`GET ${WS} HTTP/1.1`, 'Host: x', ...UPGRADE, KEY], '\x00\xff\xff\xff not a frame'],
  [
    'a login of JSON 8,000 deep',
    ['POST /api/login HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Content-Length: 16000'],
    `${'['.repeat(8_000)}${']'.repeat(8_000)}`,
  ],
  [
    'a login of __proto__',
    ['POST /api/login HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Content-Length: 51'],
    '{"__proto__":{"username":"a","password":"b"},"x":1}',
  ],
  [
    'a login that is cut off',
    ['POST /api/login HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Content-Length: 500'],
    '{"username":',
  ],
];

/** Sends it, hangs up a moment after the server's first word or silence. */
async function sendRaw(url: string, lines: string[], body = ''): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.setTimeout(150, () => socket.destroy());
  socket.on('data', () => {});
  socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1'));
  await closed;
}

test.each(REQUESTS)('[ERR-4] survives %s', async (_, lines, body) => {
  const running = await stage('websocket');
  await sendRaw(running.url, lines, body);
  await expectServing(running);
  expect(await (await fetch(`${running.url}/health`)).json()).toMatchObject({ status: 'OK' });
});
