import type { LiveCall } from '../domain/call.js';
import type { Stores } from '../stores/stores.js';
import type { CallContext, CallSetting } from './call-context.js';

/** The calls of all scopes. */
export interface AllCalls extends CallSetting {
  stores: Stores;
  /** Those of one; it costs next to nothing, and is asked for at every event. */
  in(scope: string): CallContext;
}

/** How many contexts are kept. They hold nothing: the one that was made first makes room, and is made anew. */
const MAX_CONTEXTS = 1_000;

/** How many scopes are asked at once. */
const PAGE = 50;

export function allCalls(stores: Stores, setting: CallSetting): AllCalls {
  const contexts = new Map<string, CallContext>();
  const { presence, users, rates } = stores;
  return {
    ...setting,
    stores,
    in(scope) {
      const known = contexts.get(scope);
      if (known !== undefined) return known;
      const context = { ...setting, scope, stores: { ...stores.in(scope), presence, users, rates } };
      contexts.set(scope, context);
      for (const first of contexts.keys()) if (contexts.size > MAX_CONTEXTS) contexts.delete(first);
      return context;
    },
  };
}

/** Asks each scope that may have calls, some at a time. */
export async function inEveryScope<T>(stores: Stores, ask: (scope: string) => Promise<T>): Promise<T[]> {
  return inScopes(await stores.scopes(), ask);
}

/** Asks each of them, some at a time. */
export async function inScopes<T>(scopes: readonly string[], ask: (scope: string) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  for (let start = 0; start < scopes.length; start += PAGE) {
    answers.push(...(await Promise.all(scopes.slice(start, start + PAGE).map(ask))));
  }
  return answers;
}

export async function liveCalls(stores: Stores): Promise<LiveCall[]> {
  return (await inEveryScope(stores, (scope) => stores.in(scope).calls.live())).flat();
}

export async function countLiveCalls(stores: Stores): Promise<number> {
  const counts = await inEveryScope(stores, (scope) => stores.in(scope).calls.countLive());
  return counts.reduce((sum, count) => sum + count, 0);
}
