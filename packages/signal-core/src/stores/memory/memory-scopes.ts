import type { ScopedStores } from '../stores.js';
import { counter, MemoryCallStore } from './memory-call-store.js';
import { MemoryRestoreStore } from './memory-restore-store.js';

interface Scope {
  calls: MemoryCallStore;
  restores: MemoryRestoreStore;
}

/** The scopes that hold anything. One that holds nothing any more is forgotten when somebody asks what is due in it. */
export class MemoryScopes {
  readonly #scopes = new Map<string, Scope>();
  /** One for all: a scope that was forgotten and is back has no version of a line twice. */
  readonly #nextLineVersion = counter();
  /** Stands for every scope that holds nothing: it is only read. */
  readonly #nothing = this.#newScope();

  names(): string[] {
    return [...this.#scopes.keys()];
  }

  /** It holds on to the name alone, so that nobody writes to a scope that was forgotten. */
  in(name: string): ScopedStores {
    const there = () => this.#scopes.get(name) ?? this.#nothing;
    return {
      calls: {
        get: (id) => there().calls.get(id),
        line: (userId) => there().calls.line(userId),
        live: () => there().calls.live(),
        liveOf: (users) => there().calls.liveOf(users),
        countLive: () => there().calls.countLive(),
        commit: (commit) => this.#kept(name).calls.commit(commit),
        claimDue: (now, limit) => {
          const due = there().calls.claimDue(now, limit);
          if (there().calls.isEmpty && there().restores.isEmptyAt(now)) this.#scopes.delete(name);
          return due;
        },
      },
      restores: {
        file: (claim, now, until) => this.#kept(name).restores.file(claim, now, until),
        withdraw: (callId, user) => there().restores.withdraw(callId, user),
      },
    };
  }

  #kept(name: string): Scope {
    const scope = this.#scopes.get(name) ?? this.#newScope();
    this.#scopes.set(name, scope);
    return scope;
  }

  #newScope(): Scope {
    return { calls: new MemoryCallStore(this.#nextLineVersion), restores: new MemoryRestoreStore() };
  }
}
