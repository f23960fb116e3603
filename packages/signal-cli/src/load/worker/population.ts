import { Failure } from '../../failure.js';
import { fieldsOf } from '../../session/fields.js';
import { login } from '../../session/rest.js';
import type { LoadPlan } from '../plan.js';
import { LoadUser, type LoadUserOptions } from './load-user.js';
import type { Tally } from './tally.js';

/** Users of one worker that log in and join at a time. */
const AT_ONCE = 16;
/** The first user of each worker watches the others come. */
const OBSERVERS = 1;
// In open mode any password works.
const OPEN_MODE_PASSWORD = 'open';

/** The numbers of the users that a worker has: whole pairs, two after two. */
export function numbersOf({ users, workers }: Pick<LoadPlan, 'users' | 'workers'>, worker: number): number[] {
  const all = Array.from({ length: users - (users % 2) }, (_, number) => number);
  return all.filter((number) => Math.floor(number / 2) % workers === worker);
}

/** Brings the users of a worker online, and times how long each step of it takes. */
export class Population {
  readonly users: readonly LoadUser[];
  readonly #plan: LoadPlan;
  readonly #tally: Tally;
  readonly #byId = new Map<string, LoadUser>();

  constructor(plan: LoadPlan, worker: number, around: Pick<LoadUserOptions, 'tally' | 'onEvent' | 'onLost'>) {
    this.#plan = plan;
    this.#tally = around.tally;
    this.users = numbersOf(plan, worker).map(
      (number, at) =>
        new LoadUser({
          ...around,
          onPresence: (payload) => this.#see(idsIn(payload)),
          name: `${plan.prefix}-${number}`,
          url: urlOf(plan, number),
          path: plan.path,
          isObserver: at < OBSERVERS,
          timeoutMs: plan.stepTimeoutMs,
        }),
    );
  }

  get online(): number {
    return this.users.reduce((count, { isOnline }) => count + (isOnline ? 1 : 0), 0);
  }

  /**
   * Logs all users in, once, and has them join; the observers first.
   *
   * @throws Failure when a login is refused
   */
  async join(): Promise<void> {
    const [observers, others] = [this.users.slice(0, OBSERVERS), this.users.slice(OBSERVERS)];
    for (const group of [observers, others]) await eachOf(group, AT_ONCE, (user) => this.#join(user));
  }

  async leave(): Promise<void> {
    await eachOf(this.users, AT_ONCE, (user) => user.leave());
  }

  /** The observer hears who is there; each is timed once. */
  #see(ids: Iterable<unknown>): void {
    const now = performance.now();
    for (const id of ids) {
      const user = typeof id === 'string' ? this.#byId.get(id) : undefined;
      if (user === undefined || user.isSeen) continue;
      user.isSeen = true;
      this.#tally.time('presence', now - user.joinedAt);
    }
  }

  async #join(user: LoadUser): Promise<void> {
    const startedAt = performance.now();
    const identity = await login(
      { url: new URL(user.url), timeoutMs: this.#plan.stepTimeoutMs },
      user.name,
      OPEN_MODE_PASSWORD,
    );
    this.#tally.time('login', performance.now() - startedAt);
    this.#byId.set(identity.user.id, user);
    const reason = await user.join({ id: identity.user.id, token: identity.token });
    if (reason !== undefined) this.#tally.failure(reason);
    if (reason === 'unauthorized' || reason === 'token_expired') {
      throw new Failure('unauthorized', `${user.url} lets ${user.name} log in, but not join: ${reason}`);
    }
  }
}

function urlOf({ urls }: LoadPlan, number: number): string {
  const [first = '', second = first] = urls;
  return number % 2 === 0 ? first : second;
}

/** Does it for each, so many at a time. */
async function eachOf<T>(items: readonly T[], atOnce: number, act: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of rest) await act(item);
    }),
  );
}

/** Whom a message about presence tells of, in either protocol. */
function idsIn(payload: unknown): unknown[] {
  const { joined } = fieldsOf(payload);
  const users: unknown[] = Array.isArray(payload) ? payload : Array.isArray(joined) ? joined : [];
  return users.map((user) => fieldsOf(user).id);
}
