import type { PresenceChange, PresenceState, UserRef } from '../protocol/server-events.js';

/** What became of who is online. */
export interface Change {
  joined: UserRef[];
  left: UserRef[];
}

type Point = Pick<PresenceState, 'epoch' | 'version'>;

/** A client's copy of who is online, and where in the server's count of changes it stands. */
export class Replica {
  readonly #users = new Map<string, UserRef>();
  #point: Point | undefined;

  get users(): ReadonlyMap<string, UserRef> {
    return this.#users;
  }

  /** `undefined`: the server does not count, or not for this client. */
  get point(): Point | undefined {
    return this.#point;
  }

  /** Everybody there is now. */
  replace(users: readonly UserRef[], point: Point | undefined): Change {
    const ids = new Set(users.map(({ id }) => id));
    return this.apply(
      users,
      [...this.#users.keys()].filter((id) => !ids.has(id)),
      point,
    );
  }

  /** What changed, up to a point. */
  apply(joined: readonly UserRef[], left: readonly string[], point: Point | undefined): Change {
    const change: Change = { joined: [], left: [] };
    for (const id of left) {
      const user = this.#users.get(id);
      if (user === undefined) continue;
      this.#users.delete(id);
      change.left.push(user);
    }
    for (const { id, username } of joined) {
      if (this.#users.get(id)?.username === username) continue;
      const user = { id, username };
      this.#users.set(id, user);
      change.joined.push(user);
    }
    this.#point = point && { epoch: point.epoch, version: point.version };
    return change;
  }

  /**
   * The next change of the count.
   *
   * @returns `undefined` after a gap: the server must be asked
   */
  follow({ epoch, version, joined, left }: PresenceChange): Change | undefined {
    const point = this.#point;
    if (point === undefined || epoch !== point.epoch || version > point.version + 1) return undefined;
    return version <= point.version ? { joined: [], left: [] } : this.apply(joined, left, { epoch, version });
  }
}
