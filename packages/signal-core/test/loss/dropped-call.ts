import { setTimeout as pause } from 'node:timers/promises';
import { type SignalingCall, SignalingClient } from 'signal-core/client';
import { TcpProxy } from 'signal-core/testing';
import { ANSWER, candidate, OFFER } from '../e2e/session-descriptions.ts';

/** What one call cost. */
export interface Toll {
  drops: number;
  answers: number;
  /** Candidates and descriptions that did not arrive, arrived again, or out of order. */
  lost: number;
  repeated: number;
  disordered: number;
  /** Ends that nobody asked for. */
  endedEarly: number;
  /** Times that a user who was back within 5 s was shown as gone. */
  flickers: number;
}

/** What one side says, one after the other, over the time that the call lasts. */
const WORDS = 30;
const CALL_MS = 14_000;
const ANSWER_WITHIN_MS = 1_000;
const DROP_WITHIN_MS = 3_000;
const PRESENCE_GRACE_MS = 5_000;

const between = (min: number, max: number) => min + Math.random() * (max - min);

/** One call between two clients of the SDK, of whom one loses its network at some moment, for a while. */
export class DroppedCall {
  readonly #urls: { caller: string; callee: string };
  readonly #name: string;
  readonly #watcher: SignalingClient;
  readonly #toll: Toll = { drops: 0, answers: 0, lost: 0, repeated: 0, disordered: 0, endedEarly: 0, flickers: 0 };
  #isOver = false;

  /**
   * @param urls - of the server of each side, or of both
   * @param watcher - follows who is online
   */
  constructor(urls: string | { caller: string; callee: string }, name: string, watcher: SignalingClient) {
    this.#urls = typeof urls === 'string' ? { caller: urls, callee: urls } : urls;
    this.#name = name;
    this.#watcher = watcher;
  }

  async run(): Promise<Toll> {
    const [isCallerDropped, awayMs] = [Math.random() < 0.5, between(500, 10_000)];
    const proxy = await TcpProxy.before(isCallerDropped ? this.#urls.caller : this.#urls.callee);
    const caller = this.#client('caller', isCallerDropped ? proxy.url : this.#urls.caller);
    const callee = this.#client('callee', isCallerDropped ? this.#urls.callee : proxy.url);
    await Promise.all([caller.connect(), callee.connect()]);
    try {
      const dropped = isCallerDropped ? caller : callee;
      // a caller who is away longer than a call may ring without it has none to come back to
      const rings = caller.call(callee.user.id, { offer: OFFER, callType: 'video' });
      const drop = rings.then(() => this.#drop(proxy, dropped, awayMs));
      await Promise.all([drop, this.#talk(rings, callee)]);
    } finally {
      await Promise.all([caller.close(), callee.close()]);
      await proxy.close();
    }
    return this.#toll;
  }

  #client(role: string, url: string): SignalingClient {
    const id = `${this.#name}-${role}`;
    return new SignalingClient({ url, user: { id, username: id }, transports: ['websocket'], presence: 'none' });
  }

  async #drop(proxy: TcpProxy, dropped: SignalingClient, awayMs: number): Promise<void> {
    await pause(between(0, DROP_WITHIN_MS));
    let wasShownAsGone = false;
    const forget = this.#watcher.presence.on('change', ({ left }) => {
      wasShownAsGone ||= left.some(({ id }) => id === dropped.user.id);
    });
    const lostAt = performance.now();
    this.#toll.drops += 1;
    proxy.goDown();
    await pause(awayMs);
    const back = new Promise<void>((resolve) => {
      dropped.on('state', (state) => state === 'joined' && resolve());
    });
    proxy.comeUp();
    await back;
    // what the server says of it takes a broadcast to arrive
    const isBackInTime = performance.now() - lostAt < PRESENCE_GRACE_MS - 100;
    await pause(500);
    forget();
    if (isBackInTime && wasShownAsGone) this.#toll.flickers += 1;
  }

  async #talk(rings: Promise<SignalingCall>, callee: SignalingClient): Promise<void> {
    const rung = new Promise<SignalingCall>((resolve) => {
      callee.on('incomingCall', resolve);
    });
    const placed = await rings;
    const words: Promise<void>[] = [this.#sayAll(placed)];
    placed.on('accepted', () => {
      this.#toll.answers += 1;
    });
    const atCallee = rung.then(async (call) => {
      const heard = this.#hear(call);
      const said = this.#sayAll(call);
      await pause(between(0, ANSWER_WITHIN_MS));
      await call.accept(ANSWER);
      await said;
      return heard;
    });
    const heardByCaller = this.#hear(placed);
    await Promise.all(words);
    const heardByCallee = await atCallee;
    await Promise.all([heardByCaller.all, heardByCallee.all, pause(500)].map((each) => inTime(each)));
    this.#isOver = true;
    await placed.end();
    this.#count(heardByCaller.heard);
    this.#count(heardByCallee.heard);
  }

  /** Half of the words are candidates, which may be said while it rings; the others need the call to be active. */
  async #sayAll(call: SignalingCall): Promise<void> {
    for (let word = 1; word <= WORDS; word += 1) {
      await pause(between(0, (2 * CALL_MS) / WORDS));
      if (word % 2 === 1 || call.state !== 'active') call.sendCandidate(candidate(word));
      else void call.sendDescription({ type: 'offer', sdp: `${OFFER.sdp}a=word:${word}\r\n` });
    }
  }

  #hear(call: SignalingCall): { heard: number[]; all: Promise<void> } {
    const heard: number[] = [];
    let enough = () => {};
    const all = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const note = (text: string | undefined) => {
      heard.push(Number(/(?:candidate|word):(\d+)/.exec(text ?? '')?.[1]));
      if (new Set(heard).size === WORDS) enough();
    };
    call.on('candidates', (list) => {
      for (const one of list) note(one?.candidate);
    });
    call.on('description', (description) => note('sdp' in description ? description.sdp : undefined));
    call.on('unrecovered', () => {
      this.#toll.lost += 1;
    });
    call.on('ended', () => {
      if (!this.#isOver) this.#toll.endedEarly += 1;
    });
    return { heard, all };
  }

  #count(heard: number[]): void {
    const known = new Set(heard);
    this.#toll.lost += WORDS - known.size;
    this.#toll.repeated += heard.length - known.size;
    if (heard.some((word, index) => index > 0 && word < (heard[index - 1] ?? 0))) this.#toll.disordered += 1;
  }
}

/** What does not come is counted, not waited for. */
function inTime(wanted: Promise<unknown>): Promise<unknown> {
  return Promise.race([wanted, pause(15_000)]);
}
