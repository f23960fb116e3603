import type { Stores } from 'signal-core';

/** Waits for the turn of an access. */
type Turn = (access: string) => Promise<void>;

/** Stores whose every access waits for its turn, and then happens at once. */
export function scheduledStores(stores: Stores, turn: Turn): Stores {
  return {
    presence: inTurn(stores.presence, turn),
    users: inTurn(stores.users, turn),
    rates: inTurn(stores.rates, turn),
    revocations: inTurn(stores.revocations, turn),
    in(scope) {
      const { calls, restores } = stores.in(scope);
      return { calls: inTurn(calls, turn), restores: inTurn(restores, turn) };
    },
    scopes: () => turn('scopes').then(() => stores.scopes()),
  };
}

/** The store, with every method late but for the one that answers at once. */
function inTurn<Store extends object>(store: Store, turn: Turn): Store {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      if (name === 'subscribe') return method.bind(target);
      return (...args: unknown[]) => turn(String(name)).then(() => method.apply(target, args));
    },
  });
}
