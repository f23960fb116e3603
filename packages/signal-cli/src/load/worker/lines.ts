import type { LoadPlan } from '../plan.js';
import type { Random } from '../random.js';
import type { LoadUser } from './load-user.js';

/** Who calls, and who is called. */
export interface Pair {
  caller: LoadUser;
  callee: LoadUser;
}

/** Of so many users of a hot-callee run one is called by all the others. */
const USERS_PER_HOT_ONE = 50;

/** Who is free, and who calls whom next. */
export class Lines {
  readonly #random: Random;
  readonly #callers: LoadUser[];
  /** The same list, where anybody calls anybody. */
  readonly #callees: LoadUser[];
  /** Those whom all call, busy or not. */
  readonly #hot: readonly LoadUser[];

  constructor({ topology, urls }: Pick<LoadPlan, 'topology' | 'urls'>, users: readonly LoadUser[], random: Random) {
    this.#random = random;
    const odd = users.filter((_, at) => at % 2 === 1);
    if (topology === 'hot-callee') {
      this.#hot = odd.slice(0, Math.max(1, Math.floor(users.length / USERS_PER_HOT_ONE)));
      this.#callers = users.filter((user) => !this.#hot.includes(user));
      this.#callees = [];
    } else {
      this.#hot = [];
      this.#callers = urls.length > 1 ? users.filter((_, at) => at % 2 === 0) : [...users];
      this.#callees = urls.length > 1 ? odd : this.#callers;
    }
  }

  /** Two who are free, and no longer are; undefined when there are none. */
  take(): Pair | undefined {
    const caller = this.#draw(this.#callers);
    const callee =
      this.#hot.length > 0 ? this.#hot[Math.floor(this.#random() * this.#hot.length)] : this.#draw(this.#callees);
    if (caller !== undefined && callee?.isOnline === true) return { caller, callee };
    if (caller !== undefined) this.#callers.push(caller);
    return undefined;
  }

  /** Their call is over. Who is offline comes back no more. */
  release({ caller, callee }: Pair): void {
    if (caller.isOnline) this.#callers.push(caller);
    if (callee.isOnline && !this.#hot.includes(callee)) this.#callees.push(callee);
  }

  /** Any one, and its place is filled by the last: no order decides who calls whom. */
  #draw(users: LoadUser[]): LoadUser | undefined {
    while (users.length > 0) {
      const at = Math.floor(this.#random() * users.length);
      const user = users[at];
      const last = users.pop();
      if (last !== undefined && at < users.length) users[at] = last;
      if (user?.isOnline) return user;
    }
    return undefined;
  }
}
