import { randomUUID } from 'node:crypto';
import { OTHER_SIDE, type Side } from './candidates.js';
import type { LoadUser } from './load-user.js';

/**
 * Who is which side of a call, and what the call is named. Of two who call each other at once nobody knows before the
 * server has decided whose call stands.
 */
export class CallParties {
  users: Record<Side, LoadUser>;
  /** The one that stands. */
  callId: string;
  /** All that it goes by: of two crossing calls both. */
  readonly callIds: Set<string>;
  readonly isGlare: boolean;
  /** What each side named its own call; legacy servers name them by themselves. */
  readonly #ownIds: Record<Side, string>;

  constructor(users: Record<Side, LoadUser>, isGlare: boolean) {
    this.users = users;
    this.isGlare = isGlare;
    this.#ownIds = { caller: ownIdOf(users.caller), callee: isGlare ? ownIdOf(users.callee) : '' };
    this.callId = this.#ownIds.caller;
    this.callIds = new Set(Object.values(this.#ownIds).filter((callId) => callId !== ''));
  }

  /** Whether all ids that it will go by are known. */
  get isNamed(): boolean {
    return this.callIds.size >= (this.isGlare ? 2 : 1);
  }

  sideOf(user: LoadUser): Side {
    return this.users.caller === user ? 'caller' : 'callee';
  }

  peerOf(side: Side): LoadUser {
    return this.users[OTHER_SIDE[side]];
  }

  /** The id that a side gives its call; empty where the server does. */
  ownIdOf(side: Side): string {
    return this.#ownIds[side];
  }

  /** It is known now whose call stands: that user has that side of it. */
  settle(user: LoadUser, side: Side): void {
    if (this.isGlare && this.users[side] !== user) {
      this.users = { caller: this.users.callee, callee: this.users.caller };
    }
  }
}

function ownIdOf({ isAcknowledged }: LoadUser): string {
  return isAcknowledged ? randomUUID() : '';
}
