/** Undoes what it came from; a second call does nothing. */
export type Cancel = () => void;

/** The longest time that Node's timers can wait for, in milliseconds. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Time, as everything in here sees it; tests bring their own. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds since whenever: passes as time does, though somebody sets the clock. @default that of `now` */
  steady?(): number;
  after(ms: number, run: () => void): Cancel;
  every(ms: number, run: () => void): Cancel;
}

/** The machine's time. Its timers never keep the process alive: a guest does not. */
export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms).unref();
    return () => clearInterval(timer);
  },
};
