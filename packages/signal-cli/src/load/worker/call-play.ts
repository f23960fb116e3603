import { fieldsOf } from '../../session/fields.js';
import type { CallEnd } from './call-end.js';
import type { CallMedia } from './call-media.js';
import type { CallScript } from './call-script.js';
import type { CallTimes } from './call-times.js';
import type { CallVoice } from './call-voice.js';
import { OTHER_SIDE, type Side } from './candidates.js';
import { StepClock } from './step-clock.js';

export interface PlayParts {
  script: CallScript;
  media: CallMedia;
  voice: CallVoice;
  times: CallTimes;
  end: CallEnd;
  onOver(): void;
}

/** What both sides of a call do, by its script and by what they hear. */
export class CallPlay {
  readonly #script: CallScript;
  readonly #media: CallMedia;
  readonly #voice: CallVoice;
  readonly #times: CallTimes;
  readonly #end: CallEnd;
  readonly #onOver: () => void;
  readonly #clock: StepClock;
  #state: 'calling' | 'active' | 'ending' | 'over' = 'calling';
  /** The callee knows of it; the caller knows that it rings. */
  #isRung = false;
  #isRinging = false;
  #isMerged = false;
  #isHeld = false;

  constructor({ script, media, voice, times, end, onOver }: PlayParts) {
    this.#script = script;
    this.#media = media;
    this.#voice = voice;
    this.#times = times;
    this.#end = end;
    this.#onOver = onOver;
    this.#clock = new StepClock(script.timeoutMs);
  }

  get isOver(): boolean {
    return this.#state === 'over';
  }

  get isRung(): boolean {
    return this.#isRung;
  }

  /** The callee has accepted, and the caller may hear of it. */
  get isAccepted(): boolean {
    return this.#state === 'calling' && this.#times.isAccepted;
  }

  /** Whether it goes on, as far as that side knows. */
  isOnFor(side: Side): boolean {
    return this.#state === 'ending' ? this.#end.unaware.has(side) : this.#state !== 'over';
  }

  start(): void {
    const { descriptions, isGlare } = this.#script;
    this.#voice.call('caller', descriptions.offer);
    if (isGlare) this.#voice.call('callee', descriptions.offer);
    // of two who call each other nobody knows yet who is the caller
    else this.#voice.trickle('caller', this.#media.firstHalf('caller', false));
  }

  abandon(reason: string): void {
    if (this.#state === 'over') return;
    this.#end.conclude('failed', reason);
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
    if (this.#clock.step === 'candidates') this.#media.writeOff();
    if (this.#state === 'ending') this.abandon(reason);
    else this.fail(reason);
  }

  fail(reason: string): void {
    if (this.#state === 'over') return;
    this.#end.conclude('failed', reason);
    if (this.#state === 'calling' || this.#state === 'active') this.#endAs('caller');
  }

  incoming({ offer }: Record<string, unknown>): void {
    this.#isRung = true;
    this.#times.rung();
    if (fieldsOf(offer).sdp !== this.#script.descriptions.offer.sdp) this.fail('wrong_payload');
    if (this.#state !== 'calling') return;
    const { behaviour, answerDelayMs } = this.#script.planned;
    this.#clock.await('call_accepted', answerDelayMs);
    if (behaviour === 'answer') this.#clock.after(answerDelayMs, () => this.#accept());
    else if (behaviour === 'reject') this.#clock.after(answerDelayMs, () => this.#reject());
    else if (this.#isRinging) this.#bePatient();
  }

  ringing(): void {
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
    this.#times.accepted();
    this.#clock.await('call_accepted');
    this.#voice.accept(this.#script.descriptions.answer);
    this.#voice.trickle('callee', this.#media.firstHalf('callee', true));
  }

  #reject(): void {
    this.#end.conclude('rejected');
    this.#state = 'ending';
    this.#end.unaware.add('caller');
    this.#clock.await('call_ended');
    this.#voice.reject();
  }

  accepted({ answer }: Record<string, unknown>): void {
    const { descriptions, planned } = this.#script;
    this.#state = 'active';
    this.#times.setUp();
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
    this.#end.conclude(this.#isMerged ? 'merged' : 'completed');
    this.#endAs('caller');
  }

  #giveUp(outcome: 'cancelled' | 'no_answer'): void {
    this.#end.conclude(outcome);
    this.#endAs('caller');
  }

  /** Says that it is over, to whom it may concern. */
  #endAs(side: Side): void {
    this.#state = 'ending';
    this.#clock.stop();
    // a callee that never rang will not be told
    if (this.#isRung) this.#end.unaware.add(OTHER_SIDE[side]);
    this.#times.endSaid();
    this.#clock.await('call_ended');
    this.#voice.end(side);
    this.#leaveWhenDone();
  }

  rejected({ reason }: Record<string, unknown>): void {
    if (this.#end.unaware.delete('caller')) this.#leaveWhenDone();
    else this.fail(`rejected_${String(reason ?? 'unasked')}`);
  }

  ended(side: Side, { reason }: Record<string, unknown>): void {
    if (this.#state !== 'ending') {
      this.#state = 'ending';
      this.#clock.stop();
      const isPatient = reason === 'no_answer' && this.#script.planned.behaviour === 'no_answer';
      if (isPatient) this.#end.conclude('no_answer');
      else this.#end.conclude('failed', `ended_${String(reason ?? 'unasked')}`);
      this.#end.unaware.add(OTHER_SIDE[side]);
      this.#clock.await('call_ended');
    } else if (this.#end.unaware.delete(side) && side === 'callee') this.#times.endHeard();
    this.#leaveWhenDone();
  }

  /** Candidates have come to that side. */
  heard(side: Side): void {
    if (this.#state !== 'active') return;
    // the callee hears candidates that were sent after its answer
    if (side === 'callee') this.#voice.trickle('callee', this.#media.rest('callee'));
    this.#hangUpWhenDone();
  }

  /** Of two who called each other the server refused one: they are in the call of the other. */
  merged(): void {
    this.#isMerged = true;
  }

  /** The server has answered. */
  answered(): void {
    this.#leaveWhenDone();
  }

  /** There is no call: the server does not ring the callee. */
  refused(code: string): void {
    if (this.#state !== 'calling') return;
    if (code === 'busy') this.#end.conclude('busy');
    else if (code === 'user_offline') this.#end.conclude('offline');
    else this.#end.conclude('failed', code);
    this.#leave();
  }

  #leaveWhenDone(): void {
    if (this.#state !== 'ending' || this.#end.unaware.size > 0) return;
    if (this.#voice.unanswered > 0) this.#clock.step = 'answers';
    else this.#leave();
  }

  #leave(): void {
    this.#state = 'over';
    this.#clock.stop();
    this.#onOver();
  }
}
