import type { AllCalls } from '../calls/all-calls.js';
import type { Cancel } from '../clock.js';
import { type Call, isLive } from '../domain/call.js';
import type { Effect } from '../domain/effect.js';
import { endCall } from '../domain/end-call.js';
import { reassertion } from '../domain/further-call.js';
import type { CallId, UserId } from '../domain/ids.js';
import type { Session } from '../domain/session.js';
import { ENDED_CALL_TTL_MS } from '../stores/call-store.js';
import { StoreAway } from './guarded-stores.js';
import type { KnownCall, KnownCalls } from './known-calls.js';

/** How often what this node knows is held against the store, in milliseconds. */
const EVERY_MS = 5_000;

/** For so long, in milliseconds, a node that has not asked may be sure that a call it misses has not ended meanwhile. */
const SURE_MS = ENDED_CALL_TTL_MS / 2;

interface Parts {
  calls: AllCalls;
  known: KnownCalls;
  /** Of the devices of this node. */
  sessions(): Session[];
  /** Names the memory of the store: another one means that it has forgotten everything. */
  memory(): string | undefined;
  /** Tells the devices of this node what is new to them. */
  learn(scope: string, call: Call): void;
}

/**
 * Compares the calls of this node's devices with the store: messages are lost, and so is what stores acknowledged.
 *
 * @see SPEC.md, rules NODE-8 and NODE-10
 */
export class Reconciler {
  readonly #parts: Parts;
  readonly #cancel: Cancel;
  #isRunning = false;
  #last: { at: number; memory: string | undefined } | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#cancel = parts.calls.clock.every(EVERY_MS, () => this.run());
  }

  /** Compares now, unless it does already; also to be called when the store is back. */
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    const { calls, memory } = this.#parts;
    const at = calls.clock.now();
    const isSure = this.#last === undefined || this.#last.memory !== memory() || at - this.#last.at < SURE_MS;
    try {
      for (const [scope, users] of this.#users()) await this.#compare(scope, users, isSure);
      this.#last = { at, memory: memory() };
    } catch (error) {
      this.#tell(error);
    } finally {
      this.#isRunning = false;
    }
  }

  close(): void {
    this.#cancel();
  }

  /** Everybody whose calls are of interest here, by scope. */
  #users(): Map<string, Set<UserId>> {
    const users = new Map<string, Set<UserId>>();
    const add = (scope: string, id: UserId) => users.set(scope, (users.get(scope) ?? new Set()).add(id));
    for (const { scope, user } of this.#parts.sessions()) add(scope, user.id);
    for (const { scope, call } of this.#parts.known.all()) {
      add(scope, call.from.id);
      add(scope, call.to.id);
    }
    return users;
  }

  async #compare(scope: string, users: Set<UserId>, isSure: boolean): Promise<void> {
    const { calls, known } = this.#parts;
    const before = known.all().filter((each) => each.scope === scope);
    const stored = new Map<CallId, number>();
    for (const { id, version } of await calls.stores.in(scope).calls.liveOf([...users])) stored.set(id, version);
    // one that cannot be read keeps none of the others waiting
    const settle = (id: CallId) => this.#settle(scope, id, isSure).catch((error: unknown) => this.#tell(error));
    for (const [id, version] of stored) {
      const mine = known.get(scope, id)?.call;
      if (mine?.version !== version || !isLive(mine)) await settle(id);
    }
    for (const { call } of before) if (isLive(call) && !stored.has(call.id)) await settle(call.id);
  }

  /** What the store did not do was told when it was asked. */
  #tell(error: unknown): void {
    const { log } = this.#parts.calls;
    if (!(error instanceof StoreAway)) log.error({ err: error }, 'calls could not be held against the store');
  }

  /** Either this node learns of the call, or the store does. */
  async #settle(scope: string, id: CallId, isSure: boolean): Promise<void> {
    const { calls, known, learn } = this.#parts;
    const context = calls.in(scope);
    const stored = await context.stores.calls.get(id);
    const mine: KnownCall | undefined = known.get(scope, id);
    if (stored !== undefined) learn(scope, stored);
    if (mine === undefined) return;
    if (stored === undefined && !isSure) {
      // it ended so long ago that nobody remembers how
      if (isLive(mine.call))
        learn(scope, endCall(mine.call, { reason: 'peer_disconnected', at: calls.clock.now() }).call);
      return;
    }
    const assertion = reassertion(mine.call, stored);
    if (assertion === undefined || (stored === undefined && !isLive(mine.call))) return;
    // whoever was faster knows as much: the next comparison shows it
    if (!(await context.stores.calls.commit({ calls: [assertion], lines: [] }))) return;
    const { call } = assertion;
    // the host was told of an end when it was committed, which this one is only now
    const effects: Effect[] = call.status === 'ended' ? [{ type: 'closed', call }] : [];
    context.run(effects, [{ before: stored, after: call }], scope);
  }
}
