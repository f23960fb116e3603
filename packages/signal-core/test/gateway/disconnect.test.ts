import type { DisconnectReason } from 'socket.io';
import { expect, test } from 'vitest';
import type { Connection } from '../../src/gateway/connection.ts';
import { type Departure, departure } from '../../src/gateway/disconnect.ts';

const NORMAL = 1000;
const GOING_AWAY = 1001;
const ABNORMAL = 1006;

const cases: [rule: string, reason: DisconnectReason, closeCode: number | undefined, means: Departure][] = [
  ['LOSS-1', 'client namespace disconnect', undefined, 'left'],
  ['LOSS-1', 'client namespace disconnect', NORMAL, 'left'],
  ['LOSS-1', 'transport close', GOING_AWAY, 'left'],
  ['LOSS-2', 'transport close', undefined, 'lost'],
  ['LOSS-2', 'transport close', NORMAL, 'lost'],
  ['LOSS-2', 'transport close', ABNORMAL, 'lost'],
  ['LOSS-2', 'transport error', undefined, 'lost'],
  ['LOSS-2', 'ping timeout', undefined, 'lost'],
  ['LOSS-2', 'parse error', undefined, 'lost'],
  ['LOSS-2', 'forced close', undefined, 'lost'],
  ['HOST-6', 'server shutting down', undefined, 'nothing'],
  ['HOST-6', 'server shutting down', GOING_AWAY, 'nothing'],
];

/** All that is looked at of a connection. */
const connection = (isDismissed: boolean, closeCode: number | undefined) => ({ isDismissed, closeCode }) as Connection;

test.each(cases)('[%s] "%s" with close code %s means: %s', (_, reason, closeCode, means) => {
  expect(departure(reason, connection(false, closeCode))).toBe(means);
});

test.each([...new Set(cases.map(([, reason]) => reason))])(
  '[LOSS-7] "%s" of a connection that the server closed means nothing',
  (reason) => expect(departure(reason, connection(true, GOING_AWAY))).toBe('nothing'),
);
