import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../clock.js';
import type { LiveCall } from '../domain/call.js';
import { inTime } from '../in-time.js';
import type { Logger } from '../log.js';
import { INSTRUMENTS } from './instruments.js';

/** How long a scrape waits for a store, in milliseconds. */
const TIMEOUT_MS = 2_000;

/** What is looked at when somebody scrapes. */
export interface StateSources {
  connections(): number;
  usersOnline(): number;
  liveCalls(): Promise<LiveCall[]>;
  clock: Clock;
  log: Logger;
}

/** Tells how much is going on at the moment of a scrape. */
export function gaugeState(
  registry: Registry,
  { connections, usersOnline, liveCalls, clock, log }: StateSources,
): void {
  const registers = [registry];
  new Gauge({
    ...INSTRUMENTS.connections,
    registers,
    collect() {
      this.set(connections());
    },
  });
  new Gauge({
    ...INSTRUMENTS.usersOnline,
    registers,
    collect() {
      this.set(usersOnline());
    },
  });
  new Gauge({
    ...INSTRUMENTS.callsLive,
    registers,
    async collect() {
      try {
        const calls = await inTime(clock, TIMEOUT_MS, liveCalls);
        for (const state of ['ringing', 'active'] as const) {
          this.set({ state }, calls.filter(({ status }) => status === state).length);
        }
      } catch (error) {
        // the rest of the scrape, which may be the host's, is worth having all the same
        log.warn({ err: error }, 'live calls could not be counted');
        this.reset();
      }
    },
  });
}
