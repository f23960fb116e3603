import type { Clock } from '../clock.js';
import type { Logger } from '../log.js';
import { newsByWatch } from '../presence/news.js';
import { Pace } from '../presence/pace.js';
import { type Batch, newEpoch } from '../presence/replica.js';
import type { Roster } from '../presence/roster.js';
import { seenOf } from '../presence/sight.js';
import type { ChosenWatch, DeltaWatch, FullWatch } from './audience.js';
import { Slices } from './slices.js';
import { digestOf, type Watchers } from './watchers.js';
import { encodeEvent, eventPacket, type Prepared, prepare } from './wire.js';

interface PresenceBroadcastOptions {
  clock: Clock;
  log: Logger;
  budgetBytesPerSecond: number;
  roster: Roster;
  watchers: Watchers;
}

/** A broadcast in steps, each of them short; yields the bytes that a step sent, if any. */
type Steps = Generator<number | undefined, void, undefined>;

/**
 * Tells watchers of what changed: some by whole lists, others by changes, each at a pace of its own, so that costly
 * lists hold up no change. The budget of a pace is for all scopes together.
 *
 * @see SPEC.md, rules PRES-2, PRES-3, PRES-6, PRES-10, SEE-1 and SEE-3
 */
export class PresenceBroadcast {
  readonly #options: PresenceBroadcastOptions;
  readonly #slices: Slices;
  readonly #lists: Pace;
  readonly #changes: Pace;
  /** The scopes with something new, for either pace. */
  readonly #unlisted = new Set<string>();
  readonly #unpublished = new Set<string>();

  constructor(options: PresenceBroadcastOptions) {
    const { clock, budgetBytesPerSecond } = options;
    this.#options = options;
    this.#slices = new Slices(options.log);
    this.#lists = new Pace({
      clock,
      budgetBytesPerSecond,
      send: () => this.#send(this.#unlisted, (scope) => this.#sendList(scope)),
    });
    this.#changes = new Pace({
      clock,
      budgetBytesPerSecond,
      send: () => this.#send(this.#unpublished, (scope) => this.#sendChange(scope)),
    });
  }

  /** The list of a scope says something else now. */
  changed(scope: string): void {
    this.#unlisted.add(scope);
    this.#unpublished.add(scope);
    this.#lists.changed();
    this.#changes.changed();
  }

  close(): void {
    this.#lists.close();
    this.#changes.close();
  }

  async #send(changed: Set<string>, steps: (scope: string) => Steps): Promise<number> {
    const scopes = [...changed];
    changed.clear();
    let bytes = 0;
    await this.#slices.run(
      (function* () {
        for (const scope of scopes) {
          for (const sent of steps(scope)) {
            bytes += sent ?? 0;
            yield;
          }
        }
      })(),
    );
    return bytes;
  }

  *#sendList(scope: string): Steps {
    const { roster, watchers } = this.#options;
    const watches = watchers.of(scope).full();
    if (watches.length === 0) return;
    // the hook is there for everybody, or for nobody
    if (watches.some(({ sees }) => sees !== undefined)) return yield* this.#sendSeenLists(scope, watches);
    const text = eventPacket('users_updated', roster.in(scope).encodedList().users);
    yield;
    const message = prepare(text);
    yield;
    for (const watch of watches) {
      if (!watchers.isOpen(watch)) continue;
      watch.connection.writePrepared(message);
      yield message.frame.length;
    }
  }

  /** To each a list of its own, if it is another than the last: one that is not would tell that somebody unseen came or went. */
  *#sendSeenLists(scope: string, watches: readonly FullWatch[]): Steps {
    const { roster, watchers } = this.#options;
    for (const watch of watches) {
      if (!watchers.isOpen(watch)) continue;
      const { epoch } = roster.in(scope);
      const list = yield* roster.in(scope).encodedListSteps(watch.sees);
      // who may see whom has changed meanwhile: another list is to come
      if (!watchers.isOpen(watch) || roster.in(scope).epoch !== epoch) continue;
      const digest = digestOf(list);
      if (digest === watch.told) continue;
      watch.told = digest;
      const message = prepare(eventPacket('users_updated', list.users));
      watch.connection.writePrepared(message);
      yield message.frame.length;
    }
  }

  *#sendChange(scope: string): Steps {
    const { roster, watchers } = this.#options;
    const batch = roster.publish(scope);
    if (batch === undefined) return;
    const { change } = batch;
    const watches = watchers.of(scope).delta();
    // one that was brought up to date meanwhile knows
    const isNews = ({ version }: { version: number }) => version < change.version;
    const forAll = prepare(encodeEvent('presence_changed', change));
    yield;
    for (const watch of watches) {
      if (!watchers.isOpen(watch) || !isNews(watch)) continue;
      watch.version = change.version;
      const message = watch.sees === undefined ? forAll : seenChange(batch, watch);
      if (message === undefined) continue;
      watch.connection.writePrepared(message);
      yield message.frame.length;
    }
    yield* batch.beginsEpoch ? this.#sendChosen(scope, isNews) : this.#sendNews(scope, batch, isNews);
  }

  /** To those who chose users: what changed of them. */
  *#sendNews(scope: string, { change, formerNames }: Batch, isNews: (watch: ChosenWatch) => boolean): Steps {
    const { watchers } = this.#options;
    const news = yield* newsByWatch(change, (id) => watchers.of(scope).of(id).filter(isNews));
    for (const [watch, all] of news) {
      if (!watchers.isOpen(watch)) continue;
      const seen = seenOf({ change: all, formerNames }, watch.sees);
      if (seen.joined.length + seen.left.length === 0) continue;
      const text = encodeEvent('presence_changed', seen);
      watch.connection.write(text);
      yield text.length;
    }
  }

  /** To those who chose users: which of them are there now, and which are not. */
  *#sendChosen(scope: string, isNews: (watch: ChosenWatch) => boolean): Steps {
    const { watchers } = this.#options;
    for (const watch of watchers.of(scope).chosen().filter(isNews)) {
      if (!watchers.isOpen(watch)) continue;
      const joined = watchers.chosenBy(watch);
      const left = [...watch.ids].filter((id) => !joined.some((user) => user.id === id));
      const text = encodeEvent('presence_changed', { joined, left });
      watch.connection.write(text);
      yield text.length;
    }
  }
}

/** A change in the count of who may not see everybody. @returns `undefined` for one of which nothing may be seen */
function seenChange(batch: Batch, watch: DeltaWatch): Prepared | undefined {
  const { joined, left } = seenOf(batch, watch.sees);
  if (joined.length + left.length === 0 && !batch.beginsEpoch) return undefined;
  const { epoch, version } = watch.own ?? { epoch: newEpoch(), version: 0 };
  watch.own = { epoch: batch.beginsEpoch ? newEpoch() : epoch, version: version + 1 };
  return prepare(encodeEvent('presence_changed', { ...watch.own, joined, left }));
}
