import type { Stores } from 'signal-core';

/** Waits for the turn of an access. */
type Turn = (access: string) => Promise<void>;

/** Stores whose every access waits for its turn, and then happens at once. */
export function scheduledStores({ calls, presence, users, restores, rates }: Stores, turn: Turn): Stores {
  return {
    calls: inTurn(calls, turn),
    presence: inTurn(presence, turn),
    users: inTurn(users, turn),
    restores: inTurn(restores, turn),
    rates: inTurn(rates, turn),
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
