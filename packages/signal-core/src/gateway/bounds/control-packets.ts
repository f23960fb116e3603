import type { Transport } from 'engine.io';
import type { Clock } from '../../clock.js';
import { perSecond, spend, waitMs } from '../../domain/token-bucket.js';
import type { Limits } from '../../limits.js';
import { rawWebSocketOf } from '../wire.js';

/** A client answers a ping in 9 s, and has a probe and an upgrade at the beginning; some send pings of their own. */
const CONTROLS = perSecond(2, 20);

/**
 * Lets go of a client that sends more than a few pings, pongs and other packets that are no messages: they are counted
 * nowhere else, and each ping makes us write a pong. Every transport has its own few.
 *
 * @see SPEC.md, rules LIMIT-3 and LIMIT-9
 */
export function boundControls(
  transport: Transport,
  bounds: { clock: Clock; limits: Pick<Limits, 'refusalsPer10Seconds' | 'maxWaitingBytes'> },
): void {
  const { clock, limits } = bounds;
  const raw = rawWebSocketOf({ transport });
  // who kicks nobody cuts nobody for this either, as long as it costs no memory
  const isCounted = limits.refusalsPer10Seconds !== Number.POSITIVE_INFINITY;
  let fullAt = 0;
  let isCut = false;
  const cut = () => {
    isCut = true;
    // what has come already is not even looked at
    raw?.removeAllListeners('message');
    if (raw === undefined) transport.emit('error', new Error('too many packets that are no messages'));
    else raw.terminate();
  };
  const count = () => {
    if (isCut) return;
    const now = clock.now();
    const isTooMuch = isCounted && waitMs(fullAt, CONTROLS, now, 1) > 0;
    if (isTooMuch || (raw?._socket?.writableLength ?? 0) > limits.maxWaitingBytes) cut();
    else fullAt = spend(fullAt, CONTROLS, now, 1);
  };
  transport.on('packet', ({ type }: { type: string }) => {
    if (type !== 'message') count();
  });
  raw?.on('ping', count);
  raw?.on('pong', count);
}
