import type { UserId } from '../domain/ids.js';
import type { PresencePoint } from '../presence/replica.js';
import type { Sees } from '../presence/sight.js';
import type { Connection } from './connection.js';

/** How a connection hears of presence in its scope; `sees` is absent for one that may see everybody there. */
export type Watch = { readonly connection: Connection; readonly scope: string; readonly sees: Sees | undefined } & (
  | { readonly mode: 'none' }
  /** `told`: with `sees`, a digest of the list that it was given last. */
  | { readonly mode: 'full'; told?: string }
  /** `version`: up to where it knows. `own`: with `sees`, the same as it is told, in a count of what it may see. */
  | { readonly mode: 'delta'; version: number; own?: PresencePoint }
  | { readonly mode: 'chosen'; version: number; readonly ids: ReadonlySet<UserId> }
);

export type FullWatch = Extract<Watch, { mode: 'full' }>;
export type DeltaWatch = Extract<Watch, { mode: 'delta' }>;
export type ChosenWatch = Extract<Watch, { mode: 'chosen' }>;

/** Who watches one scope: by user where users were chosen, so that a change costs those only who watch its users. */
export class Audience {
  readonly #full = new Set<FullWatch>();
  readonly #delta = new Set<DeltaWatch>();
  readonly #chosen = new Map<UserId, Set<ChosenWatch>>();

  get isEmpty(): boolean {
    return this.#full.size + this.#delta.size + this.#chosen.size === 0;
  }

  full(): FullWatch[] {
    return [...this.#full];
  }

  delta(): DeltaWatch[] {
    return [...this.#delta];
  }

  /** Everybody who chose users to watch, if only one. */
  chosen(): ChosenWatch[] {
    return [...new Set([...this.#chosen.values()].flatMap((watching) => [...watching]))];
  }

  /** Who chose to watch the user. */
  of(id: UserId): ChosenWatch[] {
    return [...(this.#chosen.get(id) ?? [])];
  }

  enter(watch: Watch): void {
    if (watch.mode === 'full') this.#full.add(watch);
    if (watch.mode === 'delta') this.#delta.add(watch);
    if (watch.mode !== 'chosen') return;
    for (const id of watch.ids) this.#chosen.set(id, (this.#chosen.get(id) ?? new Set()).add(watch));
  }

  leave(watch: Watch): void {
    if (watch.mode === 'full') this.#full.delete(watch);
    if (watch.mode === 'delta') this.#delta.delete(watch);
    if (watch.mode !== 'chosen') return;
    for (const id of watch.ids) {
      const watching = this.#chosen.get(id);
      watching?.delete(watch);
      if (watching?.size === 0) this.#chosen.delete(id);
    }
  }
}
