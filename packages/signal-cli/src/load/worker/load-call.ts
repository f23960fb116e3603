import { fieldsOf } from '../../session/fields.js';
import type { Trace } from '../result.js';
import { CallEnd } from './call-end.js';
import { CallLog } from './call-log.js';
import { CallMedia } from './call-media.js';
import { CallParties } from './call-parties.js';
import { CallPlay } from './call-play.js';
import type { CallScript } from './call-script.js';
import { CallTimes } from './call-times.js';
import { type Answer, CallVoice } from './call-voice.js';
import { OTHER_SIDE, type Side } from './candidates.js';
import type { LoadUser } from './load-user.js';
import type { Tally } from './tally.js';

export interface CallSurroundings {
  tally: Tally;
  /** An id of the call is known now. */
  named(call: LoadCall, callId: string): void;
  over(call: LoadCall): void;
}

/**
 * One call, both sides of it, as its script says. Whatever is missing, wrong or out of place fails it, with a reason;
 * nothing is tried again.
 *
 * @see SPEC.md, rule LOAD-8
 */
export class LoadCall {
  readonly tag: string;
  readonly parties: CallParties;
  readonly end = new CallEnd();
  readonly times: CallTimes;
  readonly #around: CallSurroundings;
  readonly #media: CallMedia;
  readonly #log: CallLog;
  readonly #play: CallPlay;

  constructor(users: Record<Side, LoadUser>, script: CallScript, around: CallSurroundings) {
    this.tag = script.tag;
    this.#around = around;
    this.times = new CallTimes(script.dueAt, around.tally);
    this.parties = new CallParties(users, script.isGlare);
    this.#media = new CallMedia(script, around.tally);
    this.#log = new CallLog(script.dueAt);
    const voice = new CallVoice(this.parties, this.#log, (answer) => this.#onAnswer(answer));
    const { end, times } = this;
    this.#play = new CallPlay({ script, media: this.#media, voice, times, end, onOver: () => around.over(this) });
  }

  get users(): Record<Side, LoadUser> {
    return this.parties.users;
  }

  /** Whether that user is rung for it, or in it, as far as the user knows. */
  isOn(user: LoadUser): boolean {
    return this.#play.isOnFor(this.parties.sideOf(user));
  }

  start(): void {
    this.#play.start();
  }

  /** It cannot go on: somebody whom it is about is offline for good, or the time is up. */
  abandon(reason: string): void {
    this.#play.abandon(reason);
  }

  /** Ends it soon, as people would: what is answered is hung up, what rings is cancelled. */
  hurry(): void {
    this.#play.hurry();
  }

  /** Looks whether something is overdue. */
  check(now: number): void {
    this.#play.check(now);
  }

  fail(reason: string): void {
    this.#play.fail(reason);
  }

  trace(): Trace {
    return this.#log.trace(this.parties, this.end, this.times);
  }

  receive(user: LoadUser, event: string, fields: Record<string, unknown>): void {
    const [parties, play] = [this.parties, this.#play];
    if (play.isOver) return;
    const { status } = fields;
    const [isIncoming, isRinging] = [event === 'incoming_call', event === 'call_status' && status === 'ringing'];
    if (isIncoming || event === 'call_status') this.#name(fields.callId);
    if ((isIncoming || isRinging) && !play.isRung) parties.settle(user, isIncoming ? 'callee' : 'caller');
    const side = parties.sideOf(user);
    this.#log.add(side, 'received', event, String(status ?? fields.reason ?? ''));
    if (isIncoming && side === 'callee' && !play.isRung) play.incoming(fields);
    else if (isRinging && side === 'caller') play.ringing();
    else if (status === 'user_offline' && side === 'caller') play.refused('user_offline');
    else if (event === 'call_accepted' && side === 'caller' && play.isAccepted) play.accepted(fields);
    else if (event === 'call_rejected' && side === 'caller') play.rejected(fields);
    else if (event === 'call_ended') play.ended(side, fields);
    else if (parties.isGlare && (isIncoming || isRinging)) play.fail('two_calls');
    else play.fail(`unexpected_${event}${typeof status === 'string' ? `_${status}` : ''}`);
  }

  /** Candidates that name this call have come to that side, in one message. */
  receiveCandidates(side: Side, candidates: ReadonlyArray<{ index: number; line: unknown }>): void {
    const count = candidates.length;
    this.#log.add(side, 'received', count === 1 ? 'ice_candidate' : 'ice_candidates', String(count));
    for (const { index, line } of candidates) {
      const arrival = this.#media.arrive(OTHER_SIDE[side], index, line);
      if (arrival !== 'received') this.#log.add(side, 'received', 'candidate', `${index} ${arrival}`);
      if (arrival === 'changed') this.fail('wrong_payload');
    }
    this.#play.heard(side);
  }

  #onAnswer({ user, event, refusal, fields }: Answer): void {
    const [parties, play] = [this.parties, this.#play];
    if (play.isOver) return;
    const said = refusal === undefined ? event : `${event} refused: ${refusal}`;
    this.#log.add(parties.sideOf(user), 'received', 'ack', said);
    if (event !== 'call_user') {
      if (refusal !== undefined) play.fail(refusal);
    } else if (refusal === 'glare' && parties.isGlare) {
      // the other's call stands: this user is its callee
      play.merged();
      this.#name(fieldsOf(fields.error).callId);
      if (!play.isRung) parties.settle(user, 'callee');
    } else if (refusal !== undefined) play.refused(refusal);
    else if (fields.status === 'ringing') {
      if (!play.isRung) parties.settle(user, 'caller');
      this.#name(fields.callId);
      play.ringing();
    }
    play.answered();
  }

  #name(callId: unknown): void {
    if (typeof callId !== 'string') return;
    this.parties.callId = callId;
    if (this.parties.callIds.has(callId)) return;
    this.parties.callIds.add(callId);
    this.#around.named(this, callId);
  }
}
