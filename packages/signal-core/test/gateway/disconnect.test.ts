import type { DisconnectReason } from 'socket.io';
import { expect, test } from 'vitest';
import type { Departure } from '../../src/gateway/connection.ts';
import { departure } from '../../src/gateway/disconnect.ts';

const NORMAL = 1000;
const GOING_AWAY = 1001;
const ABNORMAL = 1006;

const connection = { dismissal: undefined, saidGoodbye: false, closeCode: undefined, resumes: false };

test.each<[rule: string, reason: DisconnectReason, closeCode: number | undefined, means: Departure]>([
  ['LOSS-1', 'transport close', GOING_AWAY, 'left'],
  ['LOSS-1', 'transport error', GOING_AWAY, 'left'],
  ['LOSS-2', 'transport close', undefined, 'lost'],
  ['LOSS-2', 'transport close', NORMAL, 'lost'],
  ['LOSS-2', 'transport close', ABNORMAL, 'lost'],
  ['LOSS-2', 'transport error', undefined, 'lost'],
  ['LOSS-2', 'ping timeout', undefined, 'lost'],
  ['LOSS-2', 'parse error', undefined, 'lost'],
  ['LOSS-2', 'forced close', undefined, 'lost'],
  ['HOST-6', 'server shutting down', undefined, 'nothing'],
  ['HOST-6', 'server shutting down', GOING_AWAY, 'nothing'],
])('[%s] "%s" with close code %s means: %s', (_, reason, closeCode, means) => {
  expect(departure(reason, { ...connection, closeCode })).toBe(means);
});

test.each<DisconnectReason>(['client namespace disconnect', 'transport close', 'transport error'])(
  '[LOSS-1] "%s" after a goodbye means: left',
  (reason) => expect(departure(reason, { ...connection, saidGoodbye: true })).toBe('left'),
);

test('[LOSS-1] a page that resumes is lost with close code 1001, unless it said goodbye', () => {
  const resuming = { ...connection, resumes: true, closeCode: GOING_AWAY };
  expect(departure('transport close', resuming)).toBe('lost');
  expect(departure('transport close', { ...resuming, saidGoodbye: true })).toBe('left');
});

test.each<Departure>(['left', 'lost', 'nothing'])('[LOSS-7] what the server meant by ending it counts: %s', (meant) => {
  const dismissed = { dismissal: meant, saidGoodbye: true, closeCode: GOING_AWAY, resumes: false };
  expect(departure('transport close', dismissed)).toBe(meant);
});
