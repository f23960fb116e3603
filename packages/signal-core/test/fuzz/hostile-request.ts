import { gzipSync } from 'node:zlib';
import type { Dice } from './dice.ts';
import { hostileJson } from './hostile-value.ts';
import { mutate, spoil } from './mutate.ts';

const METHODS = ['GET', 'POST', 'OPTIONS', 'HEAD', 'PUT', 'DELETE', 'TRACE', 'CONNECT', 'PATCH', 'PRI', 'get', 'X', ''];
const POLLING = '/socket.io/?EIO=4&transport=polling';
const TARGETS = [
  '/health',
  '/api/login',
  '/api/users',
  '/api/online-users',
  '/api/ice-servers',
  '/metrics',
  POLLING,
  '/socket.io/?EIO=4&transport=websocket',
  `${POLLING}&sid=AAAAAAAAAAAAAAAAAAAA`,
  `${POLLING}&sid=__proto__`,
  `${POLLING}&sid[]=1&sid[a]=2`,
  `${POLLING}&token=secret&j=0`,
  '/socket.io/?EIO=4&transport=constructor',
  '/socket.io/../api/users',
  '/socket.io',
  '*',
  '//evil.example/health',
  'http://evil.example/health',
  'http://[/health',
  '/%2e%2e/%00/%ZZ/%E0%A4%A',
  '/health?a[__proto__][x]=1&%=%',
  '/api/login;/health#x',
];
const HEADERS: readonly string[] = [
  'Host: [',
  'Host: a\r\nHost: b',
  'Host:',
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: x',
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__',
  'Connection: close, keep-alive, host, content-length',
  'Origin: null',
  'Origin: http://[',
  'Origin: https://evil.example',
  'Expect: 100-continue',
  'Expect: the-unexpected',
  'Authorization: Bearer',
  'Authorization: Bearer a b c',
  'Authorization: Basic YTpi',
  'Authorization: Bearer eyJhbGciOiJub25lIn0.e30.',
  'Cookie: __proto__=1; a; =; ;;;%',
  'X-Forwarded-For: , ,unknown,::1,[::1]:9,999.1.1.1,127.0.0.1',
  'X-Forwarded-Proto: https,javascript',
  'X-Forwarded-Host: [,evil.example',
  'Forwarded: for="[::1',
  'Access-Control-Request-Method: DELETE\r\nAccess-Control-Request-Headers: __proto__',
  'Accept-Encoding: gzip;q=1e999, *;q=-1',
  'If-None-Match: "x", W/"',
  'If-Modified-Since: yesterday',
  'Range: bytes=0-18446744073709551615',
  'Content-Type: application/json; charset=utf-7',
  'Content-Type: application/json; charset=utf-16le',
  'Content-Type: application/x-www-form-urlencoded',
  'Content-Type: multipart/form-data; boundary=',
  'Content-Type: application/json\r\nContent-Type: text/plain',
  'Content-Encoding: br',
  ' Folded: one\r\n two',
  'No-Colon',
  'Space : before',
  ': nameless',
  'Nul: a\0b',
  'Bare: a\rb',
  '__proto__: x',
  'constructor: x',
];
/** How a body is announced: the shapes by which a request is smuggled past a proxy. */
const FRAMINGS: readonly ((body: string) => string)[] = [
  (body) => `Content-Length: ${body.length}`,
  (body) => `Content-Length: ${body.length + 7}`,
  (body) => `Content-Length: ${body.length}\r\nContent-Length: ${body.length + 1}`,
  (body) => `Content-Length: ${body.length}\r\nTransfer-Encoding: chunked`,
  () => 'Content-Length: -1',
  () => 'Content-Length: 99999999999999999999',
  () => 'Content-Length: 0x10',
  (body) => `Content-Length: +${body.length}`,
  (body) => `Content-Length : ${body.length}`,
  () => 'Transfer-Encoding: chunked',
  () => 'Transfer-Encoding: xchunked',
  () => 'Transfer-Encoding: chunked, identity',
  () => 'Transfer-Encoding:\x0bchunked',
  () => 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
  () => '',
];
const CHUNKED: readonly ((body: string) => string)[] = [
  (body) => `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
  (body) => `${body.length.toString(16)};x=${'y'.repeat(20_000)}\r\n${body}\r\n0\r\n\r\n`,
  (body) => `fffffffffffffffff\r\n${body}`,
  (body) => `-1\r\n${body}\r\n0\r\n\r\n`,
  (body) => `5\r\n${body}\n0\n\n`,
  (body) => `${body.length.toString(16)}\r\n${body}\r\n0\r\nHost: evil\r\nContent-Length: 3\r\n\r\n`,
  (body) => `0\r\n\r\nGET /api/users HTTP/1.1\r\nHost: smuggled\r\n\r\n${body}`,
];

/** A request that no client would send, as bytes. */
export function hostileRequest(dice: Dice): Buffer {
  const text = requestText(dice);
  if (dice.chance(0.1)) return Buffer.from(spoil(text, dice), 'latin1');
  if (dice.chance(0.05)) return Buffer.from(text.slice(0, dice.int(text.length)), 'latin1');
  // one behind the other, over one connection
  return Buffer.from(dice.chance(0.1) ? text + requestText(dice) : text, 'latin1');
}

function requestText(dice: Dice): string {
  const body = dice.chance(0.5) ? bodyText(dice) : '';
  const isLogin = dice.chance(0.35);
  const method = isLogin ? 'POST' : dice.pick(METHODS);
  const headers = [
    ...(dice.chance(0.9) ? ['Host: 127.0.0.1'] : []),
    ...(isLogin ? ['Content-Type: application/json'] : []),
    ...Array.from({ length: dice.int(4) }, () => dice.pick(HEADERS)),
    ...(dice.chance(0.02) ? Array.from({ length: 200 }, (_, n) => `H${n}: ${n}`) : []),
    ...(dice.chance(0.02) ? [`Long: ${'x'.repeat(20_000)}`] : []),
  ];
  const framing = dice.chance(0.6) ? `Content-Length: ${body.length}` : dice.pick(FRAMINGS)(body);
  if (framing !== '' && (isLogin || body !== '')) headers.push(framing);
  const sent = framing.includes('chunked') ? dice.pick(CHUNKED)(body) : body;
  const end = dice.chance(0.03) ? '\n' : '\r\n';
  const line = `${method} ${isLogin ? '/api/login' : target(dice)} ${version(dice)}`;
  return `${[line, ...headers].join(end)}${end}${end}${sent}`;
}

function target(dice: Dice): string {
  const plain = dice.pick(TARGETS);
  if (dice.chance(0.2)) return spoil(plain, dice);
  return dice.chance(0.02) ? `${plain}?${'x'.repeat(dice.pick([8_000, 17_000, 70_000]))}` : plain;
}

function version(dice: Dice): string {
  return dice.chance(0.93) ? 'HTTP/1.1' : dice.pick(['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.9', 'http/1.1', '']);
}

function bodyText(dice: Dice): string {
  switch (dice.int(8)) {
    case 0:
      return dice.bytes(dice.int(300)).toString('latin1');
    case 1:
      return gzipSync('x'.repeat(1_000_000)).toString('latin1');
    case 2:
      return '42["join",{}]\x1e2\x1e40';
    case 3:
      return 'x'.repeat(dice.pick([16_385, 70_000]));
    default:
      return hostileJson(mutate({ username: `mallory ${dice.int(50)}`, password: 'secret' }, dice));
  }
}
