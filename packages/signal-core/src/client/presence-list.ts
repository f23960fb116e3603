import type { UserRef } from '../protocol/server-events.js';
import type { Change } from './replica.js';

/** What a {@link PresenceList} tells. */
export interface PresenceEvents {
  /** Who came online or has another name now, and who went. */
  change: [change: Change];
}

/** Who is online, as far as this client is told; it lasts over losses of the connection. */
export interface PresenceList {
  /** By id; this map changes as they come and go. */
  readonly users: ReadonlyMap<string, UserRef>;

  /** @returns how to stop listening */
  on<E extends keyof PresenceEvents>(event: E, listener: (...args: PresenceEvents[E]) => void): () => void;

  /**
   * Hears of these users only, from now on: for an application that shows few of many. Without a connection it waits.
   *
   * @param ids - at most 200; a later choice takes the place of this one
   * @returns those of them who are online
   * @throws SignalingError `invalid_payload` for too many, `unavailable` when the server cannot
   */
  subscribe(ids: readonly string[]): Promise<UserRef[]>;
}
