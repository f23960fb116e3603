import type { Change } from '../calls/call-context.js';
import { type Call, devicesOf, type End, endsOf, isLive, isParty } from '../domain/call.js';
import { catchUp } from '../domain/catch-up.js';
import type { Effect } from '../domain/effect.js';
import { isFurther } from '../domain/further-call.js';
import type { CallId, DeviceKey, NodeId, UserId } from '../domain/ids.js';
import { nodesOf } from './spread.js';

/** How long a call is known on that ended, or has no device here any more, in milliseconds: late messages come for it. */
const KEPT_MS = 60_000;

/** A call as this node's devices were told of it. */
export interface KnownCall {
  readonly scope: string;
  readonly call: Call;
  /** When it is forgotten, in epoch milliseconds; `undefined` while a device of this node is in it. */
  readonly until: number | undefined;
  /** A device has come from elsewhere with the call, which does not say so yet. */
  readonly isBrought?: boolean;
}

interface Names {
  /** What this node is called now. */
  self(): NodeId;
  /** Epoch milliseconds. */
  now(): number;
}

/**
 * The calls of this node's devices, as they were told of them: whatever is heard of a call, and how late or often, is
 * held against it.
 *
 * @see SPEC.md, rule NODE-2
 */
export class KnownCalls {
  /** Ids are of their scope. */
  readonly #calls = new Map<CallId, KnownCall[]>();
  readonly #byUser = new Map<UserId, Set<CallId>>();
  readonly #names: Names;

  constructor(names: Names) {
    this.#names = names;
  }

  get(scope: string, id: CallId): KnownCall | undefined {
    return this.#calls.get(id)?.find((known) => known.scope === scope);
  }

  /** The call of that id in which the device takes part, or did. */
  of(device: DeviceKey, id: CallId): KnownCall | undefined {
    return this.#calls.get(id)?.find(({ call }) => isAbout(call, device));
  }

  /** The live ones of a user. */
  liveOf(scope: string, user: UserId): KnownCall[] {
    return [...(this.#byUser.get(user) ?? [])].flatMap((id) => {
      const known = this.get(scope, id);
      return known !== undefined && isLive(known.call) && isParty(known.call, user) ? known : [];
    });
  }

  /** All of them, ended ones among them. */
  all(): KnownCall[] {
    return [...this.#calls.values()].flat();
  }

  /** A call was heard of, in a version that may be old. @returns what is new to the devices of this node */
  learn(scope: string, call: Call): Effect[] {
    const before = this.get(scope, call.id);
    const known = before?.call;
    if (known === undefined && !this.#isHere(call)) return [];
    if (known !== undefined && (!isLive(known) || !isFurther(call, known))) return [];
    this.#keep(scope, call);
    const isForNobody = before?.until !== undefined && !before.isBrought && !this.#isHere(call);
    return isForNobody ? unsaid(catchUp(known, call)) : catchUp(known, call);
  }

  /**
   * This node has committed. A later version may have been heard of before: then its devices know more already; or not
   * even the version that was decided on: then they learn of that first.
   *
   * @param effects - what the commit asks for
   * @returns what the devices of this node are to be told
   */
  committed(scope: string, { before, after }: Change, effects: Effect[]): Effect[] {
    // no version says what a device was not told
    const again = effects.filter(({ type }) => type === 'answered_again');
    const rest = effects.filter(({ type }) => type !== 'answered_again');
    return [...again, ...this.#news(scope, { before, after }, rest)];
  }

  /**
   * A device comes from another node, where it was told of the call in this version.
   *
   * @returns what is new to the device, and to the others of this node
   */
  bring(device: DeviceKey, scope: string, call: Call): { toDevice: Effect[]; toOthers: Effect[] } {
    const known = this.get(scope, call.id)?.call;
    if (known === undefined && isLive(call)) {
      this.#keep(scope, call, true);
      // others of this node may be in it, who were to hear of it and did not
      const isOther = (end: End) => end.device !== device && end.node === this.#names.self();
      return { toDevice: [], toOthers: endsOf(call).some(isOther) ? catchUp(undefined, call) : [] };
    }
    const isBehind = known !== undefined && known.version > call.version;
    if (isBehind && isLive(call)) return { toDevice: catchUp(call, known), toOthers: [] };
    return { toDevice: [], toOthers: this.learn(scope, call) };
  }

  /**
   * The stores are away: whatever is over is known for as long as others may tell them of it what is out of date.
   *
   * @see SPEC.md, rule NODE-10
   */
  linger(): void {
    const until = this.#names.now() + KEPT_MS;
    for (const known of this.all())
      if (known.until !== undefined) this.#put(known.scope, known.call, { ...known, until });
  }

  /** Forgets calls that are long over for this node. @returns them */
  sweep(): KnownCall[] {
    const now = this.#names.now();
    const over = this.all().filter(({ until = now }) => until < now);
    for (const { scope, call } of over) this.#put(scope, call, undefined);
    return over;
  }

  /** Forgets all of them. @returns them */
  clear(): KnownCall[] {
    const all = this.all();
    this.#calls.clear();
    this.#byUser.clear();
    return all;
  }

  #news(scope: string, { before, after }: Change, effects: Effect[]): Effect[] {
    const missed = before === undefined ? [] : this.learn(scope, before);
    const known = this.get(scope, after.id)?.call;
    if (known === undefined && !this.#isHere(after)) return [];
    if (before === after) return known?.status === after.status ? [...missed, ...effects] : missed;
    if (known !== undefined && (!isLive(known) || !isFurther(after, known))) return missed;
    this.#keep(scope, after);
    // a device of another node is held here from now on
    if (known === undefined && before !== undefined) return catchUp(undefined, after);
    return [...missed, ...effects];
  }

  #isHere(call: Call): boolean {
    return nodesOf(call).has(this.#names.self());
  }

  #keep(scope: string, call: Call, isBrought = this.get(scope, call.id)?.isBrought ?? false): void {
    const until = this.get(scope, call.id)?.until ?? this.#names.now() + KEPT_MS;
    this.#put(scope, call, this.#isHere(call) ? { scope, call, until: undefined } : { scope, call, until, isBrought });
  }

  #put(scope: string, { id, from, to }: Call, known: KnownCall | undefined): void {
    const others = this.#calls.get(id)?.filter((other) => other.scope !== scope) ?? [];
    const all = known === undefined ? others : [...others, known];
    if (all.length > 0) this.#calls.set(id, all);
    else this.#calls.delete(id);
    for (const user of [from.id, to.id]) {
      const ids = this.#byUser.get(user) ?? new Set();
      if (all.some(({ call }) => isParty(call, user))) ids.add(id);
      else ids.delete(id);
      if (ids.size > 0) this.#byUser.set(user, ids);
      else this.#byUser.delete(user);
    }
  }
}

function isAbout(call: Call, device: DeviceKey): boolean {
  if (isLive(call)) return devicesOf(call).includes(device);
  return call.callerDevice === device || call.calleeDevice === device;
}

/**
 * What is left to be done where no device was in the call any more: one that has come since was told elsewhere of
 * whatever it was in.
 */
function unsaid(effects: Effect[]): Effect[] {
  return effects.flatMap((effect) => {
    if (effect.type === 'answered') return { type: 'opened', call: effect.call };
    return effect.type === 'opened' || effect.type === 'closed' ? effect : [];
  });
}
