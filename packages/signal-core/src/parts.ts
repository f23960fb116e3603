import type { Clock } from './clock.js';
import type { Stores } from './stores/stores.js';

/** What a host may put in the place of a part of the server. */
export interface Parts {
  /** @default the machine's time */
  clock?: Clock;
  /** @default the memory of this process; check another one with the contracts of `signal-core/testing` */
  stores?: Stores;
}
