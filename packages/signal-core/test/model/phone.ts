import type { JoinSuccess } from 'signal-core/protocol';
import { ScriptedClient } from 'signal-core/testing';
import { type CallId, type DeviceKey, deviceKey, type UserId } from '../../src/domain/ids.ts';
import { Screen } from './screen.ts';
import { numbersIn, type WordKind, type Words, wording } from './words.ts';

/** `legacy` knows part 1 only, `plain` has an id of its own, `full` takes whatever the protocol has. */
export type Kind = 'legacy' | 'plain' | 'full';

/** `ok`, the code of a refusal, or that nobody will ever know. */
export type Answer = string;
export const UNANSWERED: Answer = 'unanswered';

/** How a device loses its connection, and how it goes for good. */
export const LOSSES = ['drop', 'cutWire'] as const;
export const DEPARTURES = ['closePage', 'close', 'leave'] as const;
export type Parting = (typeof LOSSES)[number] | (typeof DEPARTURES)[number];

interface Unacknowledged {
  event: string;
  payload: { callId?: CallId };
  numbers: number[];
}

/** What an answer is followed by, before anything that comes after it on the wire. */
interface Answered {
  onAnswer?: () => void;
  onOk?: () => void;
}

interface PhoneOptions {
  user: UserId;
  name: string;
  kind: Kind;
  words: Words;
  blame: (what: string) => void;
}

/** A device of a user: what a person sees of it is its {@link Screen}, what is under it a connection, or none. */
export class Phone {
  readonly user: UserId;
  readonly name: string;
  readonly kind: Kind;
  readonly screen: Screen;
  /** The server ended its connection. */
  isCutOff = false;
  /** When its connection was lost; absent while it is there, or gone for good. */
  lostAt: number | undefined;
  /** As the server knows it. */
  device: DeviceKey;
  /** The last call that it placed, as it was sent. */
  dialled: { callId: CallId; payload: object } | undefined;
  /** `call_user`s that nobody acknowledges, and how many of them were told their outcome. */
  unacknowledged = 0;
  outcomes = 0;
  /** Numbers that it said and that were taken, and numbers that it heard, by call. */
  readonly said = new Map<CallId, number[]>();
  readonly heard = new Map<CallId, number[]>();
  /** Numbers up to here were said before it lost its memory. */
  since = 0;
  readonly #words: Words;
  readonly #blame: (what: string) => void;
  #client: ScriptedClient | undefined;
  readonly #lastSeq = new Map<CallId, number>();
  #outbox: Unacknowledged[] = [];
  readonly #dialling = new Set<CallId>();
  /** Its newest connection goes on where it left off: what an older one still brings comes again. */
  #resumes = false;
  #isParting = false;

  constructor({ user, name, kind, words, blame }: PhoneOptions) {
    this.user = user;
    this.name = name;
    this.kind = kind;
    this.device = deviceKey(user, name);
    this.#words = words;
    this.#blame = (what) => blame(`${user}’s ${name}: ${what}`);
    this.screen = new Screen({ isNumbered: kind === 'full', blame: this.#blame });
  }

  get isUp(): boolean {
    return this.#client?.socket.connected === true && this.#client.user !== undefined;
  }

  /** The connection is there, whether it has joined or not. */
  get isConnected(): boolean {
    return this.#client?.socket.connected === true;
  }

  toString(): string {
    return `${this.user}.${this.name}`;
  }

  /** Waits until the server has handled what came from here before, and what it sent has arrived. */
  async ping(): Promise<void> {
    await this.ask('ping', {});
    this.#client?.forget();
  }

  /**
   * Joins, over a new connection unless one is left; over the old one's head when that is still there.
   *
   * @param isFresh - the page has no memory, but of its `deviceId`
   * @param isKnown - the server still has the device's session
   */
  async join(url: string, { isFresh, isKnown }: { isFresh: boolean; isKnown: boolean }): Promise<void> {
    this.#resumes = this.kind === 'full' && !isFresh;
    const client = this.isConnected && !this.isUp ? this.#client : await this.#connect(url);
    if (client === undefined) return;
    this.#client = client;
    this.#isParting = false;
    this.isCutOff = false;
    this.lostAt = undefined;
    this.screen.reconnected();
    const unsure = [...this.#dialling];
    const success = client.next('join_success');
    client.socket.once('join_success', (answer: JoinSuccess) => this.#joined(answer, { isFresh, isKnown, unsure }));
    client.user = {
      id: this.user,
      username: this.user,
      ...(this.kind !== 'legacy' && { deviceId: this.name, protocol: 2 }),
      ...(this.kind === 'full' && { features: ['ice_batch', 'early_candidates', 'resume'] }),
      ...(this.#resumes && { resume: this.screen.points(unsure) }),
    };
    client.send('join', client.user);
    await success;
    await this.#repeat();
  }

  /** @returns once the client knows; the server may not yet */
  async part(how: Parting): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    this.#isParting = true;
    if (how === 'leave') {
      await this.ask('leave', {});
      client.user = undefined;
    } else {
      await client[how]();
    }
  }

  /** The device is gone for good: the server forgets its calls, and what it said in them. */
  gone(): void {
    this.lostAt = undefined;
    this.screen.reset([]);
    this.said.clear();
    this.heard.clear();
    this.#outbox = [];
    this.#dialling.clear();
  }

  async call(to: UserId, callId: CallId): Promise<Answer> {
    const payload = { to, callType: 'video', offer: { type: 'offer', sdp: 'v=0\r\n' } };
    if (this.kind === 'legacy') {
      this.unacknowledged += 1;
      this.#client?.send('call_user', { ...payload, from: { id: this.user, username: this.user } });
      return UNANSWERED;
    }
    this.#dialling.add(callId);
    const answer = await this.ask(
      'call_user',
      { ...payload, callId },
      { onAnswer: () => this.screen.dialled(callId, false) },
    );
    if (answer !== UNANSWERED) this.#dialling.delete(callId);
    if (answer === 'ok') this.dialled = { callId, payload: { ...payload, callId } };
    return answer;
  }

  async accept(callId: CallId): Promise<Answer> {
    this.screen.accepting.add(callId);
    const answer = { type: 'answer', sdp: 'v=0\r\n' };
    return this.ask('accept_call', { callId, answer }, { onOk: () => this.screen.did('accept', callId) });
  }

  /** Says the next numbers, in a call or, early, to somebody. */
  async say(kind: WordKind, where: { to: UserId; callId?: CallId }, isRepeated: boolean): Promise<Answer> {
    const { callId } = where;
    const count = kind === 'candidates' ? 3 : 1;
    const numbers = Array.from({ length: count }, () => this.#words.say({ sender: this, to: where.to }));
    const { event, payload } = wording(kind, where, numbers);
    const isCounted = this.kind === 'full' && callId !== undefined;
    const word = { event, payload: { ...payload, ...(isCounted && { seq: this.#nextSeq(callId) }) }, numbers };
    if (!isCounted) return this.#send(word);
    this.#outbox.push(word);
    const answers = [this.#send(word), ...(isRepeated ? [this.#send(word)] : [])];
    return (await Promise.all(answers))[0] ?? UNANSWERED;
  }

  /** Sends with an acknowledgement; what the answer means for the screen is done in the order of the wire. */
  ask(event: string, payload: object, { onAnswer, onOk }: Answered = {}): Promise<Answer> {
    return new Promise((resolve) => {
      const socket = this.#client?.socket;
      if (!socket?.connected) return resolve(UNANSWERED);
      const giveUp = () => resolve(UNANSWERED);
      socket.once('disconnect', giveUp);
      socket.emit(event, payload, (answer: { ok: boolean; error?: { code: string } }) => {
        socket.off('disconnect', giveUp);
        onAnswer?.();
        if (answer.ok) onOk?.();
        resolve(answer.error?.code ?? 'ok');
      });
    });
  }

  #nextSeq(callId: CallId): number {
    const seq = (this.#lastSeq.get(callId) ?? 0) + 1;
    this.#lastSeq.set(callId, seq);
    return seq;
  }

  async #send(word: Unacknowledged): Promise<Answer> {
    const { callId } = word.payload;
    const onAnswer = () => {
      this.#outbox = this.#outbox.filter((other) => other !== word);
    };
    const onOk = () => {
      if (callId !== undefined) this.said.set(callId, [...(this.said.get(callId) ?? []), ...word.numbers]);
    };
    return this.ask(word.event, word.payload, { onAnswer, onOk });
  }

  /** What was not acknowledged before the loss is said again, with its old number. */
  async #repeat(): Promise<void> {
    const again = this.#outbox;
    await Promise.all(again.map((word) => this.#send(word)));
    this.#outbox = this.#outbox.filter((word) => !again.includes(word));
  }

  async #connect(url: string): Promise<ScriptedClient> {
    const client = new ScriptedClient({ url, transport: 'websocket', name: this.toString(), userAgent: this.name });
    await client.connect();
    client.socket.on('disconnect', () => {
      if (client === this.#client && !this.#isParting) this.isCutOff = true;
    });
    client.socket.onAny((event: string, payload: object) => {
      if (client === this.#client || !this.#resumes) this.#hear(event, payload);
    });
    return client;
  }

  #joined(answer: JoinSuccess, before: { isFresh: boolean; isKnown: boolean; unsure: CallId[] }): void {
    const device = deviceKey(this.user, answer.deviceId);
    if (before.isFresh || !before.isKnown) {
      this.gone();
      this.since = this.#words.last;
      this.screen.reset(answer.calls);
    } else if (device !== this.device) {
      this.#blame(`came back as ${device}`);
    }
    this.device = device;
    for (const { callId, recovered } of answer.resumed ?? []) {
      const listed = answer.calls.find((call) => call.callId === callId && call.here);
      if (recovered) this.screen.resume(callId);
      else this.screen.resetCall(callId, answer.calls);
      // the answer to its accept was lost
      if (recovered && listed?.status === 'active' && listed.role === 'callee') this.screen.did('accept', callId);
    }
    this.#dialling.clear();
  }

  #hear(event: string, payload: object): void {
    const callId: unknown = Object(payload).callId;
    const numbers = numbersIn(event, payload);
    if (typeof callId === 'string' && numbers.length > 0) this.#listen(event, { callId, ...payload }, numbers);
    else if (typeof callId === 'string' && event !== 'signal_error') this.screen.hear(event, { callId, ...payload });
    if (this.kind !== 'legacy' || !isOutcome(event, payload)) return;
    this.outcomes += 1;
    this.screen.dialled(event === 'call_status' ? String(callId) : undefined, true);
  }

  #listen(event: string, payload: { callId: CallId; from?: UserId }, numbers: number[]): void {
    const { callId, from } = payload;
    this.screen.count(event, payload);
    const part = this.screen.parts.get(callId);
    const isEarly = part === 'rung' && (this.kind === 'full' || this.screen.accepting.has(callId));
    if (part !== 'talking' && !isEarly) this.#blame(`${event} in ${callId}, which is ${part ?? 'unknown'}`);
    const heard = this.heard.get(callId) ?? [];
    for (const number of numbers) {
      const word = this.#words.of(number);
      if (word === undefined || word.to !== this.user || word.sender.user !== from) {
        this.#blame(`${event} ${number} in ${callId} is ${word?.sender}’s for ${word?.to}`);
      }
      if (number <= (heard.at(-1) ?? 0)) this.#blame(`${event} ${number} in ${callId} after ${heard.at(-1)}`);
      heard.push(number);
    }
    this.heard.set(callId, heard);
  }
}

/** How a `call_user` that nobody acknowledges is answered. */
function isOutcome(event: string, payload: object): boolean {
  return event === 'signal_error' || (event === 'call_status' && Object(payload).status === 'ringing');
}
