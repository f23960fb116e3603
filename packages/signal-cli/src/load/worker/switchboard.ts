import { fieldsOf } from '../../session/fields.js';
import { OTHER_SIDE, readTag, type Side } from './candidates.js';
import type { LoadCall } from './load-call.js';
import type { LoadUser } from './load-user.js';
import type { Tally } from './tally.js';

/** Calls that failed and may still be heard of; those before them are forgotten. */
const MOST_FAILED = 10_000;

/** Brings what comes to the call that it is about. */
export class Switchboard {
  readonly #tally: Tally;
  readonly #byId = new Map<string, LoadCall>();
  readonly #byTag = new Map<string, LoadCall>();
  /** By who places it: one of them at a time. Of two who call each other both do. */
  readonly #byCaller = new Map<LoadUser, LoadCall>();
  /** The call that a user was last rung for. */
  readonly #byRung = new Map<LoadUser, LoadCall>();
  /** Ids and tags of calls that were cut short: what still comes for them is no surprise. */
  readonly #cutShort = new Set<string>();

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  get calls(): Iterable<LoadCall> {
    return this.#byTag.values();
  }

  get size(): number {
    return this.#byTag.size;
  }

  add(call: LoadCall): void {
    this.#byTag.set(call.tag, call);
    this.#byCaller.set(call.users.caller, call);
    if (call.parties.isGlare) this.#byCaller.set(call.users.callee, call);
    for (const callId of call.parties.callIds) this.#byId.set(callId, call);
  }

  named(call: LoadCall, callId: string): void {
    this.#byId.set(callId, call);
  }

  remove(call: LoadCall): void {
    this.#byTag.delete(call.tag);
    for (const callId of call.parties.callIds) this.#byId.delete(callId);
    for (const user of Object.values(call.users)) {
      for (const calls of [this.#byCaller, this.#byRung]) if (calls.get(user) === call) calls.delete(user);
    }
    if (call.end.outcome === 'completed' || call.end.outcome === 'merged') return;
    if (this.#cutShort.size >= MOST_FAILED) this.#cutShort.clear();
    for (const name of [call.tag, ...call.parties.callIds]) this.#cutShort.add(name);
  }

  receive(user: LoadUser, event: string, payload: unknown): void {
    const fields = fieldsOf(payload);
    if (event === 'ice_candidate') this.#candidates(user, [fields.candidate]);
    else if (event === 'ice_candidates' && Array.isArray(fields.candidates)) this.#candidates(user, fields.candidates);
    else if (event === 'signal_error') this.#refusal(user, fields);
    else this.#event(user, event, fields);
  }

  #event(user: LoadUser, event: string, fields: Record<string, unknown>): void {
    const call = this.#callOf(user, event, fields);
    const side = call && sideOf(call, user);
    if (call !== undefined && side !== undefined) {
      call.receive(user, event, fields);
      if (event === 'incoming_call') this.#ring(user, call);
    } else if (call !== undefined) this.#tally.failure(`misrouted_${event}`);
    else if (typeof fields.callId === 'string' && !this.#cutShort.has(fields.callId))
      this.#tally.failure(`stray_${event}`);
  }

  /** Who is in a call is never rung. */
  #ring(user: LoadUser, call: LoadCall): void {
    const former = this.#byRung.get(user);
    if (former?.isOn(user) === true && former !== call) call.fail('rang_in_call');
    this.#byRung.set(user, call);
  }

  /** A legacy server names the call itself: until it has, it is that of who calls. */
  #callOf(user: LoadUser, event: string, { callId, from }: Record<string, unknown>): LoadCall | undefined {
    const known = typeof callId === 'string' ? this.#byId.get(callId) : undefined;
    if (known !== undefined) return known;
    if (event === 'call_status') return unnamed(this.#byCaller.get(user));
    if (event !== 'incoming_call') return undefined;
    const { id } = fieldsOf(from);
    for (const [caller, call] of this.#byCaller) if (caller.id === id) return unnamed(call);
    return undefined;
  }

  /** Those of one message, which are of one call and one side. */
  #candidates(user: LoadUser, candidates: readonly unknown[]): void {
    const { ice } = this.#tally.counters;
    const tags = candidates.map((candidate) => readTag(fieldsOf(candidate)));
    const known = tags.filter((tag) => tag !== undefined);
    const [first] = known;
    if (first === undefined || known.length < tags.length) {
      this.#tally.failure('wrong_payload');
      return;
    }
    const call = this.#byTag.get(first.call);
    const side = OTHER_SIDE[first.side];
    if (call?.users[side] === user) call.receiveCandidates(side, known);
    else if (call !== undefined) ice.misrouted += known.length;
    // all that belongs to a call had come before it was over
    else if (!this.#cutShort.has(first.call)) ice.duplicated += known.length;
  }

  /** What a server refuses that does not acknowledge. */
  #refusal(user: LoadUser, { callId, code }: Record<string, unknown>): void {
    const call = this.#byId.get(String(callId)) ?? this.#byCaller.get(user);
    if (call === undefined) this.#tally.failure(`stray_${String(code)}`);
    else call.fail(String(code));
  }
}

function unnamed(call: LoadCall | undefined): LoadCall | undefined {
  return call?.parties.isNamed === false ? call : undefined;
}

function sideOf({ users }: LoadCall, user: LoadUser): Side | undefined {
  if (users.caller === user) return 'caller';
  return users.callee === user ? 'callee' : undefined;
}
