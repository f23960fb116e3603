import { fieldsOf } from '../../session/fields.js';
import type { Outcome } from '../phases.js';
import type { Trace } from '../result.js';
import type { PlannedCall } from '../schedule.js';
import { CallLog } from './call-log.js';
import { CallMedia } from './call-media.js';
import { CallParties } from './call-parties.js';
import { type Answer, CallVoice } from './call-voice.js';
import { OTHER_SIDE, type Side } from './candidates.js';
import type { Descriptions } from './descriptions.js';
import type { LiveCall } from './live-call.js';
import type { LoadUser } from './load-user.js';
import { StepClock } from './step-clock.js';
import type { Tally } from './tally.js';

export interface CallScript {
  planned: PlannedCall;
  /** Names it in its candidates. */
  tag: string;
  /** The instant it was due, by `performance.now()`: what is late counts from then. */
  dueAt: number;
  descriptions: Descriptions;
  /** Candidates that each side sends. */
  ice: number;
  /** Both call each other at the same moment. */
  isGlare: boolean;
  /** Longest wait for one step; who calls somebody that does not answer gives up after it, too. */
  timeoutMs: number;
}

export interface CallSurroundings {
  tally: Tally;
  /** An id of the call is known now. */
  named(call: LoadCall, callId: string): void;
  over(call: LoadCall): void;
}

/**
 * One call, both sides of it, as its plan says. Whatever is missing, wrong or out of place fails it, with a reason;
 * nothing is tried again.
 *
 * @see SPEC.md, rule LOAD-8
 */
export class LoadCall implements LiveCall {
  readonly parties: CallParties;
  outcome: Outcome | undefined;
  failure: string | undefined;
  setupMs: number | undefined;
  readonly #script: CallScript;
  readonly #around: CallSurroundings;
  readonly #media: CallMedia;
  readonly #voice: CallVoice;
  readonly #log: CallLog;
  readonly #clock: StepClock;
  #state: 'calling' | 'active' | 'ending' | 'over' = 'calling';
  /** The callee knows of it; the caller knows that it rings. */
  #isRung = false;
  #isRinging = false;
  #isMerged = false;
  #isHeld = false;
  #rungAt = 0;
  #acceptedAt = 0;
  #endSaidAt = 0;
  /** Sides that have still to hear that it is over. */
  readonly #unaware = new Set<Side>();

  constructor(users: Record<Side, LoadUser>, script: CallScript, around: CallSurroundings) {
    this.#script = script;
    this.#around = around;
    this.parties = new CallParties(users, script.isGlare);
    this.#media = new CallMedia(script, around.tally);
    this.#log = new CallLog(script.dueAt);
    this.#voice = new CallVoice(this.parties, this.#log, (answer) => this.#onAnswer(answer));
    this.#clock = new StepClock(script.timeoutMs);
  }

  get tag(): string {
    return this.#script.tag;
  }

  get users(): Record<Side, LoadUser> {
    return this.parties.users;
  }

  /** Sides that believe in a call which the other one has ended. */
  get unaware(): readonly Side[] {
    return [...this.#unaware];
  }

  /** Whether that user is rung for it, or in it, as far as the user knows. */
  isOn(user: LoadUser): boolean {
    if (this.#state === 'over') return false;
    return this.#state !== 'ending' || this.#unaware.has(this.parties.sideOf(user));
  }

  start(): void {
    const { offer } = this.#script.descriptions;
    this.#voice.call('caller', offer);
    if (this.parties.isGlare) this.#voice.call('callee', offer);
    // of two who call each other nobody knows yet who is the caller
    else this.#voice.trickle('caller', this.#media.firstHalf('caller', false));
  }

  receive(user: LoadUser, event: string, fields: Record<string, unknown>): void {
    if (this.#state === 'over') return;
    const { parties } = this;
    const { status } = fields;
    const [isIncoming, isRinging] = [event === 'incoming_call', event === 'call_status' && status === 'ringing'];
    if (isIncoming || event === 'call_status') this.#name(fields.callId);
    if ((isIncoming || isRinging) && !this.#isRung) parties.settle(user, isIncoming ? 'callee' : 'caller');
    const side = parties.sideOf(user);
    this.#log.add(side, 'received', event, String(status ?? fields.reason ?? ''));
    if (isIncoming && side === 'callee' && !this.#isRung) this.#onIncoming(fields);
    else if (isRinging && side === 'caller') this.#onRinging();
    else if (status === 'user_offline' && side === 'caller') this.#onRefused('user_offline');
    else if (event === 'call_accepted' && side === 'caller' && this.#isAccepted) this.#onAccepted(fields);
    else if (event === 'call_rejected' && side === 'caller') this.#onRejected(fields);
    else if (event === 'call_ended') this.#onEnded(side, fields);
    else if (parties.isGlare && (isIncoming || isRinging)) this.fail('two_calls');
    else this.fail(`unexpected_${event}${typeof status === 'string' ? `_${status}` : ''}`);
  }

  /** Candidates that name this call have come to that side, in one message. */
  receiveCandidates(side: Side, candidates: ReadonlyArray<{ index: number; line: unknown }>): void {
    this.#log.add(
      side,
      'received',
      candidates.length === 1 ? 'ice_candidate' : 'ice_candidates',
      `${candidates.length}`,
    );
    for (const { index, line } of candidates) {
      const arrival = this.#media.arrive(OTHER_SIDE[side], index, line);
      if (arrival !== 'received') this.#log.add(side, 'received', 'candidate', `${index} ${arrival}`);
      if (arrival === 'changed') this.fail('wrong_payload');
    }
    if (this.#state !== 'active') return;
    // the callee hears candidates that were sent after its answer
    if (side === 'callee') this.#voice.trickle('callee', this.#media.rest('callee'));
    this.#hangUpWhenDone();
  }

  abandon(reason: string): void {
    this.#conclude('failed', reason);
    this.#leave();
  }

  hurry(): void {
    if (this.#state === 'active') {
      this.#isHeld = true;
      this.#hangUpWhenDone();
    } else if (this.#state === 'calling' && this.#isRinging) {
      this.#giveUp(this.#script.planned.behaviour === 'no_answer' ? 'no_answer' : 'cancelled');
    }
  }

  check(now: number): void {
    if (!this.#clock.isOverdue(now)) return;
    const reason = `timeout_${this.#clock.step}`;
    if (this.#state === 'ending') {
      this.abandon(reason);
      return;
    }
    if (this.#clock.step === 'candidates') this.#media.writeOff();
    this.fail(reason);
  }

  fail(reason: string): void {
    this.#conclude('failed', reason);
    if (this.#state === 'calling' || this.#state === 'active') this.#endAs('caller');
  }

  trace(): Trace {
    const { callId, users } = this.parties;
    return {
      callId,
      caller: users.caller.name,
      callee: users.callee.name,
      outcome: this.outcome ?? 'failed',
      ...(this.failure !== undefined && { failure: this.failure }),
      ...(this.setupMs !== undefined && { setupMs: Math.max(0, this.setupMs) }),
      events: this.#log.events,
    };
  }

  #onIncoming({ offer }: Record<string, unknown>): void {
    this.#isRung = true;
    this.#rungAt = performance.now();
    this.#around.tally.phases.record('pdd', this.#rungAt - this.#script.dueAt);
    if (fieldsOf(offer).sdp !== this.#script.descriptions.offer.sdp) this.fail('wrong_payload');
    if (this.#state !== 'calling') return;
    const { behaviour, answerDelayMs } = this.#script.planned;
    this.#clock.await('call_accepted', answerDelayMs);
    if (behaviour === 'answer') this.#clock.after(answerDelayMs, () => this.#accept());
    else if (behaviour === 'reject') this.#clock.after(answerDelayMs, () => this.#reject());
    else if (this.#isRinging) this.#bePatient();
  }

  #onRinging(): void {
    if (this.#isRinging) return;
    this.#isRinging = true;
    if (this.#isRung) this.#bePatient();
  }

  /** A caller who will not be answered, or will not wait for it. */
  #bePatient(): void {
    const { planned, timeoutMs } = this.#script;
    const { behaviour, answerDelayMs } = planned;
    if (this.#state !== 'calling' || behaviour === 'answer' || behaviour === 'reject') return;
    const [outcome, ms] =
      behaviour === 'cancel' ? (['cancelled', answerDelayMs] as const) : (['no_answer', timeoutMs] as const);
    this.#clock.after(ms, () => this.#giveUp(outcome));
    this.#clock.await('call_ended', ms);
  }

  #accept(): void {
    this.#acceptedAt = performance.now();
    this.#clock.await('call_accepted');
    this.#voice.accept(this.#script.descriptions.answer);
    this.#voice.trickle('callee', this.#media.firstHalf('callee', true));
  }

  #reject(): void {
    this.#conclude('rejected');
    this.#state = 'ending';
    this.#unaware.add('caller');
    this.#clock.await('call_ended');
    this.#voice.reject();
  }

  /** The callee has accepted, and the caller may hear of it. */
  get #isAccepted(): boolean {
    return this.#state === 'calling' && this.#acceptedAt > 0;
  }

  #onAccepted({ answer }: Record<string, unknown>): void {
    const { dueAt, descriptions, planned } = this.#script;
    this.#state = 'active';
    // what the callee thought is not the server's
    this.setupMs = performance.now() - dueAt - (this.#acceptedAt - this.#rungAt);
    this.#around.tally.phases.record('setup', this.setupMs);
    if (fieldsOf(answer).sdp !== descriptions.answer.sdp) {
      this.fail('wrong_payload');
      return;
    }
    this.#voice.trickle('caller', this.#media.rest('caller'));
    this.#clock.await('candidates', planned.holdMs);
    this.#clock.after(planned.holdMs, () => {
      this.#isHeld = true;
      this.#hangUpWhenDone();
    });
  }

  #hangUpWhenDone(): void {
    if (!this.#isHeld || this.#state !== 'active' || !this.#media.isWhole) return;
    this.#conclude(this.#isMerged ? 'merged' : 'completed');
    this.#endAs('caller');
  }

  #giveUp(outcome: 'cancelled' | 'no_answer'): void {
    this.#conclude(outcome);
    this.#endAs('caller');
  }

  /** Says that it is over, to whom it may concern. */
  #endAs(side: Side): void {
    this.#state = 'ending';
    this.#clock.stop();
    // a callee that never rang will not be told
    if (this.#isRung) this.#unaware.add(OTHER_SIDE[side]);
    this.#endSaidAt = performance.now();
    this.#clock.await('call_ended');
    this.#voice.end(side);
    this.#leaveWhenDone();
  }

  #onRejected({ reason }: Record<string, unknown>): void {
    if (this.#unaware.delete('caller')) this.#leaveWhenDone();
    else this.fail(`rejected_${String(reason ?? 'unasked')}`);
  }

  #onEnded(side: Side, { reason }: Record<string, unknown>): void {
    if (this.#state !== 'ending') {
      this.#state = 'ending';
      this.#clock.stop();
      const isPatient = reason === 'no_answer' && this.#script.planned.behaviour === 'no_answer';
      if (isPatient) this.#conclude('no_answer');
      else this.#conclude('failed', `ended_${String(reason ?? 'unasked')}`);
      this.#unaware.add(OTHER_SIDE[side]);
      this.#clock.await('call_ended');
    } else if (this.#unaware.delete(side) && side === 'callee' && this.#endSaidAt > 0) {
      this.#around.tally.phases.record('teardown', performance.now() - this.#endSaidAt);
    }
    this.#leaveWhenDone();
  }

  #onAnswer({ user, event, refusal, fields }: Answer): void {
    if (this.#state === 'over') return;
    const { parties } = this;
    this.#log.add(
      parties.sideOf(user),
      'received',
      'ack',
      refusal === undefined ? event : `${event} refused: ${refusal}`,
    );
    if (event !== 'call_user') {
      if (refusal !== undefined) this.fail(refusal);
    } else if (refusal === 'glare' && parties.isGlare) {
      // the other's call stands: this user is its callee
      this.#isMerged = true;
      this.#name(fieldsOf(fields.error).callId);
      if (!this.#isRung) parties.settle(user, 'callee');
    } else if (refusal !== undefined) this.#onRefused(refusal);
    else if (fields.status === 'ringing') {
      if (!this.#isRung) parties.settle(user, 'caller');
      this.#name(fields.callId);
      this.#onRinging();
    }
    this.#leaveWhenDone();
  }

  /** There is no call: the server does not ring the callee. */
  #onRefused(code: string): void {
    if (this.#state !== 'calling') return;
    if (code === 'busy') this.#conclude('busy');
    else if (code === 'user_offline') this.#conclude('offline');
    else this.#conclude('failed', code);
    this.#leave();
  }

  #leaveWhenDone(): void {
    if (this.#state !== 'ending' || this.#unaware.size > 0) return;
    if (this.#voice.unanswered > 0) this.#clock.step = 'answers';
    else this.#leave();
  }

  /** The first word about how it ended counts. But what fails later has failed. */
  #conclude(outcome: Outcome, failure?: string): void {
    if (this.#state === 'over' || this.failure !== undefined) return;
    if (this.outcome !== undefined && failure === undefined) return;
    this.outcome = outcome;
    this.failure = failure;
  }

  #leave(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#clock.stop();
    this.#around.over(this);
  }

  #name(callId: unknown): void {
    if (typeof callId !== 'string') return;
    this.parties.callId = callId;
    if (this.parties.callIds.has(callId)) return;
    this.parties.callIds.add(callId);
    this.#around.named(this, callId);
  }
}
