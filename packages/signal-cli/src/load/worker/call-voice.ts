import type { CallLog } from './call-log.js';
import type { CallParties } from './call-parties.js';
import { type Candidate, OTHER_SIDE, type Side } from './candidates.js';
import type { Description } from './descriptions.js';
import type { LoadUser } from './load-user.js';
import { JsonText } from './packets.js';

/** What the server says to what a user has said. */
export interface Answer {
  user: LoadUser;
  event: string;
  /** Its error code, when it refused. */
  refusal: string | undefined;
  fields: Record<string, unknown>;
}

/** Says what the two sides of a call have to say, in the protocol that the server speaks. */
export class CallVoice {
  /** Answers of the server that are due. */
  unanswered = 0;
  readonly #parties: CallParties;
  readonly #log: CallLog;
  readonly #onAnswer: (answer: Answer) => void;
  /** Numbers what a side sends within the call. */
  readonly #seq: Record<Side, number> = { caller: 0, callee: 0 };

  constructor(parties: CallParties, log: CallLog, onAnswer: (answer: Answer) => void) {
    this.#parties = parties;
    this.#log = log;
    this.#onAnswer = onAnswer;
  }

  call(side: Side, offer: Description): void {
    const { id, name } = this.#parties.users[side];
    const callId = this.#parties.ownIdOf(side);
    const to = this.#parties.peerOf(side).id;
    const rest = { to, from: { id, username: name }, callType: 'video', ...(callId !== '' && { callId }) };
    this.#say(side, 'call_user', new JsonText(`{"offer":${offer.json},${JSON.stringify(rest).slice(1)}`));
  }

  accept(answer: Description): void {
    const callId = JSON.stringify(this.#parties.callId);
    this.#say('callee', 'accept_call', new JsonText(`{"answer":${answer.json},"callId":${callId}}`));
  }

  reject(): void {
    this.#say('callee', 'reject_call', { callId: this.#parties.callId });
  }

  /** Says nothing where the server has named no call yet: there is nothing to end. */
  end(side: Side): void {
    const { callId } = this.#parties;
    if (callId !== '') this.#say(side, 'end_call', { callId });
  }

  trickle(side: Side, candidates: readonly Candidate[]): void {
    const { users, callId } = this.#parties;
    if (!users[side].isAcknowledged) {
      const to = JSON.stringify(users[OTHER_SIDE[side]].id);
      for (const { json } of candidates) {
        this.#say(side, 'ice_candidate', new JsonText(`{"to":${to},"candidate":${json}}`));
      }
    } else if (candidates.length > 0) {
      this.#seq[side] += 1;
      const list = candidates.map(({ json }) => json).join(',');
      const seq = this.#seq[side];
      this.#say(side, 'ice_candidates', new JsonText(`{"callId":"${callId}","candidates":[${list}],"seq":${seq}}`));
    }
  }

  #say(side: Side, event: string, payload: object): void {
    const user = this.#parties.users[side];
    this.#log.add(side, 'sent', event);
    if (user.isAcknowledged) this.unanswered += 1;
    user.say(event, payload, (refusal, fields) => {
      this.unanswered -= 1;
      this.#onAnswer({ user, event, refusal, fields });
    });
  }
}
