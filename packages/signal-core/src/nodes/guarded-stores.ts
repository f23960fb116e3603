import type { Logger } from '../log.js';
import { SignalingError } from '../protocol/errors.js';
import type { ScopedStores, Stores } from '../stores/stores.js';

/** When whoever was refused may try again, in milliseconds: a store that is back has been seen to be by then. */
const RETRY_AFTER_MS = 2_000;

/** The store did not do what it was asked for, or was not even asked. */
export class StoreAway extends SignalingError {
  constructor(cause?: unknown) {
    super('unavailable', 'the store is away; try again', undefined, RETRY_AFTER_MS);
    this.cause = cause;
  }
}

interface Parts {
  /** Whether the store is known to be away: then it is not asked. */
  isAway(): boolean;
  log: Logger;
}

/**
 * Stores that say of every failure the same: that they are away. What failed is logged while they are thought to be there.
 *
 * @see SPEC.md, rule NODE-9
 */
export function guardedStores(stores: Stores, parts: Parts): Stores {
  return {
    ...stores,
    presence: guarded(stores.presence, parts),
    users: guarded(stores.users, parts),
    rates: guarded(stores.rates, parts),
    revocations: guarded(stores.revocations, parts),
    in: (scope) => guardedScope(stores.in(scope), parts),
    scopes: async () => asked(() => stores.scopes(), parts),
  };
}

function guardedScope({ calls, restores }: ScopedStores, parts: Parts): ScopedStores {
  return { calls: guarded(calls, parts), restores: guarded(restores, parts) };
}

/** Every method that answers by a promise; the ones that follow changes go on by themselves. */
function guarded<Store extends object>(store: Store, parts: Parts): Store {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function' || name === 'subscribe' || name === 'follow') {
        return typeof method === 'function' ? method.bind(target) : method;
      }
      return (...args: unknown[]) => asked(() => method.apply(target, args), parts);
    },
  });
}

async function asked<Answer>(ask: () => Promise<Answer>, { isAway, log }: Parts): Promise<Answer> {
  if (isAway()) throw new StoreAway();
  try {
    return await ask();
  } catch (error) {
    if (!isAway()) log.warn({ err: error }, 'the store did not answer');
    throw new StoreAway(error);
  }
}
