import type { Cancel, Clock } from '../clock.js';
import type { NodeId } from '../domain/ids.js';

/** How long an answer is waited for, in milliseconds. */
const ANSWER_MS = 1_000;

/** How long one that was waited for in vain may still come, in milliseconds. */
const LATE_MS = 60_000;

interface Question {
  /** @param name - of the question, for the answer */
  send(name: string): void;
  /** Takes what comes later than it is waited for. */
  heedLate(answer: object): void;
}

interface Waiting {
  from: NodeId;
  heed: (answer: object | undefined) => void;
  cancel: Cancel;
}

/** What other nodes were asked: the answer comes in time, late, or never. */
export class Questions {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Waiting>();
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns `undefined` when nothing comes within a second, or nothing is the answer */
  ask(node: NodeId, { send, heedLate }: Question): Promise<object | undefined> {
    this.#count += 1;
    const name = `${this.#count}`;
    return new Promise((resolve) => {
      this.#expect(name, { from: node, heed: resolve }, ANSWER_MS, () => {
        this.#expect(name, { from: node, heed: (late) => late && heedLate(late) }, LATE_MS);
      });
      send(name);
    });
  }

  /** An answer has come; one that was not asked for, or by somebody else, is none. */
  answer(from: NodeId, name: string, answer: object | undefined): void {
    if (this.#waiting.get(name)?.from === from) this.#settle(name, answer);
  }

  close(): void {
    for (const name of this.#waiting.keys()) this.#settle(name, undefined);
  }

  #expect(name: string, { from, heed }: Omit<Waiting, 'cancel'>, ms: number, giveUp = () => {}): void {
    const cancel = this.#clock.after(ms, () => {
      this.#settle(name, undefined);
      giveUp();
    });
    this.#waiting.set(name, { from, heed, cancel });
  }

  #settle(name: string, answer: object | undefined): void {
    const waiting = this.#waiting.get(name);
    waiting?.cancel();
    this.#waiting.delete(name);
    waiting?.heed(answer);
  }
}
