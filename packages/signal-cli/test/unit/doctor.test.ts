import { expect, it } from 'vitest';
import { parseIceUrl } from '../../src/doctor/ice-checks.js';
import { checkColor, checkNode, checkTerminal } from '../../src/doctor/local-checks.js';

it.each([
  ['stun:stun.example', { host: 'stun.example', port: 3478, by: 'udp' }],
  ['stun:10.0.0.1:19302', { host: '10.0.0.1', port: 19302, by: 'udp' }],
  ['turn:turn.example?transport=udp', { host: 'turn.example', port: 3478, by: 'udp' }],
  ['turn:turn.example:80?transport=tcp', { host: 'turn.example', port: 80, by: 'tcp' }],
  ['turns:turn.example', { host: 'turn.example', port: 5349, by: 'tls' }],
  ['turns:turn.example:443?transport=tcp', { host: 'turn.example', port: 443, by: 'tls' }],
  ['stun:[2001:db8::1]:3479', { host: '2001:db8::1', port: 3479, by: 'udp' }],
  ['turns:turn.example?transport=udp', undefined],
  ['http://turn.example', undefined],
  ['turn:', undefined],
])('[CLI-26] %s is asked where and how it says', (text, place) => {
  expect(parseIceUrl(text)).toEqual(place);
});

it('[CLI-26] a Node that is too old fails, and is told from which one on', () => {
  expect(['20.19.0', '20.20.2', '24.0.0'].map((nodeVersion) => checkNode({ nodeVersion }).status)).toEqual([
    'ok',
    'ok',
    'ok',
  ]);
  for (const nodeVersion of ['20.18.3', '18.20.0']) {
    expect(checkNode({ nodeVersion })).toMatchObject({ status: 'fail', fix: 'install Node 20.19 or newer' });
  }
});

it('[CLI-26] a terminal that is too small is a note, and what turns colour off is named', () => {
  const stdout = { isTTY: true, columns: 79, rows: 24 };
  const env = { TERM: 'xterm' };
  expect(checkTerminal({ stdout, env })).toMatchObject({ status: 'note', detail: 'xterm, 79x24' });
  expect(checkTerminal({ stdout: { ...stdout, columns: 80 }, env }).status).toBe('ok');
  expect(checkColor({ stdout, env }, { color: true }).detail).toBe('on');
  expect(checkColor({ stdout, env: { ...env, NO_COLOR: '1' } }, { color: true }).detail).toBe('off: NO_COLOR');
  expect(checkColor({ stdout: {}, env }, { color: true }).detail).toBe('off: no terminal');
});
