import type { Socket as EngineSocket } from 'engine.io';
import type { Clock } from '../clock.js';
import { closeConnections } from './close-connections.js';

/** How often it is looked at whose time has come, in milliseconds. */
const TICK_MS = 100;

/** How long a server that goes takes over it. */
export interface Parting {
  /** Milliseconds in which everything goes on, so that balancers learn to send clients elsewhere. */
  waitMs: number;
  /** Milliseconds over which connections are then closed, each at a moment of its own. */
  overMs: number;
}

/**
 * Closes connections one by one, so that the clients do not come to another server all at once. Ends as soon as nobody
 * is left, and at the latest when the time is over; whoever came meanwhile may be left then.
 */
export function letGo(
  connections: () => Iterable<EngineSocket>,
  { waitMs, overMs }: Parting,
  clock: Clock,
): Promise<void> {
  const moments = new WeakMap<EngineSocket, number>();
  // of the ticks, since the time of day may be set
  let elapsed = -TICK_MS - waitMs;
  return new Promise((resolve) => {
    const tick = () => {
      elapsed += TICK_MS;
      const there = [...connections()];
      if (there.length === 0 || !(elapsed < overMs)) {
        cancel();
        resolve();
        return;
      }
      if (elapsed < 0) return;
      const isTime = (connection: EngineSocket) => {
        const moment = moments.get(connection) ?? elapsed + Math.random() * (overMs - elapsed);
        moments.set(connection, moment);
        return moment <= elapsed;
      };
      void closeConnections(there.filter(isTime));
    };
    const cancel = clock.every(TICK_MS, tick);
    tick();
  });
}
