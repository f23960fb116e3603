import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../failure.js';

/**
 * The promise, or a `Failure` once it has taken longer than that.
 *
 * @param waitingFor - ends the sentence "gave up after 10 s waiting for …"
 */
export async function inTime<T>(promise: Promise<T>, milliseconds: number, waitingFor: string): Promise<T> {
  const timer = new AbortController();
  const late = delay(milliseconds, undefined, timer).then(() => {
    throw new Failure('failed', `gave up after ${milliseconds / 1000} s waiting for ${waitingFor}`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
    late.catch(() => {});
  }
}
