import { randomUUID } from 'node:crypto';
import type { IceCandidate } from 'signal-core/protocol';
import { fieldsOf } from '../../session/fields.js';
import type { Outcome } from '../phases.js';
import type { Trace, TraceEvent } from '../result.js';
import type { PlannedCall } from '../schedule.js';
import { CallMedia } from './call-media.js';
import { OTHER_SIDE, type Side } from './candidates.js';
import type { Descriptions } from './descriptions.js';
import type { LiveCall } from './live-call.js';
import type { LoadUser } from './load-user.js';
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
  /** The id of the call is known now. */
  named(call: LoadCall, callId: string): void;
  over(call: LoadCall): void;
}

/** What is waited for, and fails the call as `timeout_…` when it does not come. */
type Step = 'ringing' | 'incoming_call' | 'call_accepted' | 'candidates' | 'call_ended' | 'answers';

/**
 * One call, both sides of it, as its plan says. Whatever is missing, wrong or out of place fails it, with a reason;
 * nothing is tried again.
 */
export class LoadCall implements LiveCall {
  readonly tag: string;
  users: Record<Side, LoadUser>;
  /** All ids that it goes by: of two crossing calls both. */
  readonly callIds: Set<string>;
  callId: string;
  outcome: Outcome | undefined;
  failure: string | undefined;
  setupMs: number | undefined;
  /** What each side named its call; legacy servers name them by themselves. */
  readonly #ownIds: Record<Side, string>;
  readonly #script: CallScript;
  readonly #around: CallSurroundings;
  readonly #media: CallMedia;
  readonly #events: TraceEvent[] = [];
  /** Answers of the server that are due. */
  #unanswered = 0;
  #seq: Record<Side, number> = { caller: 0, callee: 0 };
  #state: 'calling' | 'active' | 'ending' | 'over' = 'calling';
  #isRung = false;
  #isRinging = false;
  #rungAt = 0;
  #acceptedAt = 0;
  #endSaidAt = 0;
  /** Sides that have still to hear that it is over. */
  readonly #unaware = new Set<Side>();
  #timer: NodeJS.Timeout | undefined;
  #step: Step = 'incoming_call';
  #deadline: number;
  #isHeld = false;
  #isMerged = false;

  constructor(users: Record<Side, LoadUser>, script: CallScript, around: CallSurroundings) {
    this.users = users;
    this.tag = script.tag;
    this.#ownIds = { caller: ownIdOf(users.caller), callee: script.isGlare ? ownIdOf(users.callee) : '' };
    this.callId = this.#ownIds.caller;
    this.callIds = new Set(Object.values(this.#ownIds).filter((callId) => callId !== ''));
    this.#script = script;
    this.#around = around;
    this.#media = new CallMedia(script, around.tally);
    this.#deadline = performance.now() + script.timeoutMs;
  }

  get isGlare(): boolean {
    return this.#script.isGlare;
  }

  /** Whether all ids that it will go by are known. */
  get isNamed(): boolean {
    return this.callIds.size >= (this.isGlare ? 2 : 1);
  }

  /** Whether that user is rung for it, or in it, as far as the user knows. */
  isOn(user: LoadUser): boolean {
    if (this.#state === 'over') return false;
    return this.#state !== 'ending' || this.#unaware.has(this.#sideOf(user));
  }

  start(): void {
    this.#call('caller');
    if (this.isGlare) this.#call('callee');
    // of two who call each other nobody knows yet who is the caller
    else this.#trickle('caller', this.#media.firstHalf('caller', false));
  }

  receive(user: LoadUser, event: string, fields: Record<string, unknown>): void {
    if (this.#state === 'over') return;
    const { callId, status } = fields;
    const isRung = event === 'incoming_call';
    if (typeof callId === 'string' && (isRung || event === 'call_status')) this.#name(callId);
    if (this.isGlare && !this.#isRung && (isRung || status === 'ringing'))
      this.#settle(user, isRung ? 'callee' : 'caller');
    const side = this.#sideOf(user);
    this.#trace(side, 'received', event, String(status ?? fields.reason ?? ''));
    if (event === 'call_status' && side === 'caller') this.#onStatus(fields);
    else if (isRung && side === 'callee' && !this.#isRung) this.#onIncoming(fields);
    else if (event === 'call_accepted' && side === 'caller' && this.#isAccepted) this.#onAccepted(fields);
    else if (event === 'call_rejected' && side === 'caller') this.#onRejected(fields);
    else if (event === 'call_ended') this.#onEnded(side, fields);
    else if (this.isGlare && (isRung || status === 'ringing')) this.fail('two_calls');
    else this.fail(`unexpected_${event}${typeof status === 'string' ? `_${status}` : ''}`);
  }

  /** Candidates have come to that side in one message. */
  heard(side: Side, candidates: number): void {
    this.#trace(side, 'received', candidates === 1 ? 'ice_candidate' : 'ice_candidates', String(candidates));
  }

  /** A candidate that names this call has come to that side. */
  receiveCandidate(side: Side, index: number, line: unknown): void {
    const arrival = this.#media.arrive(OTHER_SIDE[side], index, line);
    if (arrival !== 'received') this.#trace(side, 'received', 'candidate', `${index} ${arrival}`);
    if (arrival === 'changed') this.fail('wrong_payload');
    if (this.#state !== 'active') return;
    // the callee hears candidates that were sent after its answer
    if (side === 'callee') this.#trickle('callee', this.#media.rest('callee'));
    this.#hangUpWhenDone();
  }

  abandon(reason: string): void {
    this.#conclude('failed', reason);
    this.#leave();
  }

  hurry(): void {
    if (this.#state === 'ending' || this.#state === 'over') return;
    if (this.#state === 'active') {
      this.#isHeld = true;
      this.#hangUpWhenDone();
    } else if (this.#isRinging)
      this.#giveUp(this.#script.planned.behaviour === 'no_answer' ? 'no_answer' : 'cancelled');
  }

  check(now: number): void {
    if (now >= this.#deadline) this.#overdue();
  }

  fail(reason: string): void {
    if (this.#state === 'over') return;
    this.#conclude('failed', reason);
    if (this.#state !== 'ending') this.#endAs('caller');
  }

  trace(): Trace {
    const { caller, callee } = this.users;
    return {
      callId: this.callId,
      caller: caller.name,
      callee: callee.name,
      outcome: this.outcome ?? 'failed',
      ...(this.failure !== undefined && { failure: this.failure }),
      ...(this.setupMs !== undefined && { setupMs: Math.max(0, this.setupMs) }),
      events: this.#events,
    };
  }

  /** Sides that believe in a call which the other one has ended. */
  get unaware(): readonly Side[] {
    return [...this.#unaware];
  }

  #onStatus({ status }: Record<string, unknown>): void {
    if (status === 'ringing') this.#ringing();
    else if (status === 'user_offline') this.#refused('user_offline');
    else this.fail(`unexpected_status_${String(status)}`);
  }

  #onIncoming({ offer }: Record<string, unknown>): void {
    this.#isRung = true;
    this.#rungAt = performance.now();
    this.#around.tally.phases.record('pdd', this.#rungAt - this.#script.dueAt);
    if (fieldsOf(offer).sdp !== this.#script.descriptions.offer) this.fail('wrong_payload');
    if (this.#state !== 'calling') return;
    const { behaviour, answerDelayMs } = this.#script.planned;
    this.#await('call_accepted', answerDelayMs);
    if (behaviour === 'answer') this.#after(answerDelayMs, () => this.#accept());
    else if (behaviour === 'reject') this.#after(answerDelayMs, () => this.#reject());
    else if (this.#isRinging) this.#bePatient();
  }

  /** The caller knows that it rings. */
  #ringing(): void {
    if (this.#isRinging) return;
    this.#isRinging = true;
    if (this.#isRung) this.#bePatient();
  }

  /** A caller who will not be answered, or will not wait for it. */
  #bePatient(): void {
    const { planned, timeoutMs } = this.#script;
    if (this.#state !== 'calling') return;
    if (planned.behaviour === 'cancel') this.#after(planned.answerDelayMs, () => this.#giveUp('cancelled'));
    else if (planned.behaviour === 'no_answer') this.#after(timeoutMs, () => this.#giveUp('no_answer'));
    else return;
    this.#await('call_ended', timeoutMs + planned.answerDelayMs);
  }

  #accept(): void {
    const { descriptions, timeoutMs } = this.#script;
    this.#acceptedAt = performance.now();
    this.#await('call_accepted', timeoutMs);
    this.#say('callee', 'accept_call', { callId: this.callId, answer: { type: 'answer', sdp: descriptions.answer } });
    this.#trickle('callee', this.#media.firstHalf('callee', true));
  }

  #reject(): void {
    this.#conclude('rejected');
    this.#state = 'ending';
    this.#unaware.add('caller');
    this.#await('call_ended');
    this.#say('callee', 'reject_call', { callId: this.callId });
  }

  #onAccepted({ answer }: Record<string, unknown>): void {
    const now = performance.now();
    this.#state = 'active';
    // what the callee thought is not the server's
    this.setupMs = now - this.#script.dueAt - (this.#acceptedAt - this.#rungAt);
    this.#around.tally.phases.record('setup', this.setupMs);
    if (fieldsOf(answer).sdp !== this.#script.descriptions.answer) {
      this.fail('wrong_payload');
      return;
    }
    this.#trickle('caller', this.#media.rest('caller'));
    this.#await('candidates', this.#script.planned.holdMs);
    this.#after(this.#script.planned.holdMs, () => {
      this.#isHeld = true;
      this.#hangUpWhenDone();
    });
  }

  /** The callee has, and the caller may hear of it. */
  get #isAccepted(): boolean {
    return this.#state === 'calling' && this.#acceptedAt > 0;
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
    clearTimeout(this.#timer);
    // a callee that never rang will not be told
    if (this.#isRung) this.#unaware.add(OTHER_SIDE[side]);
    this.#endSaidAt = performance.now();
    this.#await('call_ended');
    if (this.callId !== '') this.#say(side, 'end_call', { callId: this.callId });
    this.#leaveWhenDone();
  }

  #onRejected({ reason }: Record<string, unknown>): void {
    if (this.#unaware.delete('caller')) this.#leaveWhenDone();
    else this.fail(`rejected_${String(reason ?? 'unasked')}`);
  }

  #onEnded(side: Side, { reason }: Record<string, unknown>): void {
    if (this.#state !== 'ending') {
      this.#state = 'ending';
      clearTimeout(this.#timer);
      this.#conclude(...endedBy(reason, this.#script.planned));
      this.#unaware.add(OTHER_SIDE[side]);
      this.#await('call_ended');
    } else if (this.#unaware.delete(side) && side === 'callee' && this.#endSaidAt > 0) {
      this.#around.tally.phases.record('teardown', performance.now() - this.#endSaidAt);
    }
    this.#leaveWhenDone();
  }

  #leaveWhenDone(): void {
    if (this.#state !== 'ending' || this.#unaware.size > 0) return;
    if (this.#unanswered > 0) this.#step = 'answers';
    else this.#leave();
  }

  #overdue(): void {
    if (this.#state === 'ending') {
      this.#conclude('failed', `timeout_${this.#step}`);
      this.#leave();
      return;
    }
    if (this.#step === 'candidates') this.#media.writeOff();
    this.fail(`timeout_${this.#step}`);
  }

  /** There is no call: the server will not ring the callee. */
  #refused(code: string): void {
    if (this.#state !== 'calling') return;
    if (code === 'busy') this.#conclude('busy');
    else if (code === 'user_offline') this.#conclude('offline');
    else this.#conclude('failed', code);
    this.#leave();
  }

  /** The first word about how it ended counts. But what fails later has failed. */
  #conclude(outcome: Outcome, failure?: string): void {
    if (this.failure !== undefined || (this.outcome !== undefined && failure === undefined)) return;
    this.outcome = outcome;
    this.failure = failure;
  }

  #leave(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    clearTimeout(this.#timer);
    this.#around.over(this);
  }

  #name(callId: string): void {
    this.callId = callId;
    if (this.callIds.has(callId)) return;
    this.callIds.add(callId);
    this.#around.named(this, callId);
  }

  /** Of two who call each other: now it is known whose call stands, and who is its callee. */
  #settle(user: LoadUser, side: Side): void {
    if (this.users[side] === user) return;
    this.users = { caller: this.users.callee, callee: this.users.caller };
  }

  #sideOf(user: LoadUser): Side {
    return this.users.caller === user ? 'caller' : 'callee';
  }

  /** The call of that user has a callee who rings. */
  #placed(user: LoadUser, { callId }: Record<string, unknown>): void {
    if (this.isGlare && !this.#isRung) {
      if (typeof callId === 'string') this.#name(callId);
      this.#settle(user, 'caller');
    }
    this.#ringing();
  }

  /** The server has the other's call already: this user is the callee of that one. */
  #merge(user: LoadUser, { error }: Record<string, unknown>): void {
    const { callId } = fieldsOf(error);
    this.#isMerged = true;
    if (typeof callId === 'string') this.#name(callId);
    if (!this.#isRung) this.#settle(user, 'callee');
  }

  #call(side: Side): void {
    const user = this.users[side];
    const callId = this.#ownIds[side];
    this.#say(side, 'call_user', {
      to: this.users[OTHER_SIDE[side]].id,
      from: { id: user.id, username: user.name },
      callType: 'video',
      offer: { type: 'offer', sdp: this.#script.descriptions.offer },
      ...(callId !== '' && { callId }),
    });
  }

  #trickle(side: Side, candidates: readonly IceCandidate[]): void {
    const to = this.users[OTHER_SIDE[side]].id;
    if (!this.users[side].isAcknowledged) {
      for (const candidate of candidates) this.#say(side, 'ice_candidate', { to, candidate });
    } else if (candidates.length > 0) {
      this.#seq[side] += 1;
      this.#say(side, 'ice_candidates', { callId: this.callId, candidates, seq: this.#seq[side] });
    }
  }

  #say(side: Side, event: string, payload: object): void {
    const user = this.users[side];
    this.#trace(side, 'sent', event, '');
    if (user.isAcknowledged) this.#unanswered += 1;
    user.say(event, payload, (refusal, answer) => {
      this.#unanswered -= 1;
      if (this.#state === 'over') return;
      const now = this.#sideOf(user);
      this.#trace(now, 'received', 'ack', refusal === undefined ? event : `${event} refused: ${refusal}`);
      if (refusal === 'glare' && this.isGlare) this.#merge(user, answer);
      else if (refusal !== undefined && event === 'call_user') this.#refused(refusal);
      else if (refusal !== undefined) this.fail(refusal);
      else if (event === 'call_user' && answer.status === 'ringing') this.#placed(user, answer);
      this.#leaveWhenDone();
    });
  }

  #await(step: Step, extraMs = 0): void {
    this.#step = step;
    this.#deadline = performance.now() + this.#script.timeoutMs + extraMs;
  }

  #after(ms: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, ms);
  }

  #trace(side: Side, direction: TraceEvent['direction'], event: string, summary: string): void {
    const atMs = Math.max(0, performance.now() - this.#script.dueAt);
    this.#events.push({ atMs, side, direction, event, summary });
  }
}

/** The id that a caller gives the call; to a legacy server none. */
function ownIdOf({ isAcknowledged }: LoadUser): string {
  return isAcknowledged ? randomUUID() : '';
}

/** How a call ended that the server ended. */
function endedBy(reason: unknown, { behaviour }: PlannedCall): [Outcome, string?] {
  if (reason === 'no_answer' && behaviour === 'no_answer') return ['no_answer'];
  return ['failed', `ended_${String(reason ?? 'unasked')}`];
}
