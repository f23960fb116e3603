import type { Clock } from './clock.js';

/**
 * Asks what may throw, reject or never answer, such as a function of the host.
 *
 * @param ms - how long the answer may take, in milliseconds
 * @throws whatever it threw, or an Error when it took longer
 */
export function inTime<T>(clock: Clock, ms: number, ask: () => T | Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(new Error(`no answer in ${ms} ms`)));
    Promise.resolve().then(ask).then(resolve, reject).finally(cancel);
  });
}
