import { type Arrival, type Candidate, CandidateFlow, makeCandidate, type Side } from './candidates.js';
import type { Tally } from './tally.js';

interface MediaScript {
  /** Names the call in its candidates. */
  tag: string;
  /** Candidates that each side sends. */
  ice: number;
}

/** The candidates of a call, both ways. */
export class CallMedia {
  readonly #script: MediaScript;
  readonly #tally: Tally;
  readonly #flows: Record<Side, CandidateFlow> = { caller: new CandidateFlow(), callee: new CandidateFlow() };

  constructor(script: MediaScript, tally: Tally) {
    this.#script = script;
    this.#tally = tally;
  }

  /** Candidates that have not come yet. */
  get missing(): number {
    return this.#flows.caller.missing + this.#flows.callee.missing;
  }

  /** Both sides have sent all of theirs, and all have come. */
  get isWhole(): boolean {
    const { caller, callee } = this.#flows;
    return this.missing === 0 && caller.sent === this.#script.ice && callee.sent === this.#script.ice;
  }

  /** What a side says first. */
  firstHalf(side: Side, isTimed: boolean): Candidate[] {
    return this.#send(side, Math.ceil(this.#script.ice / 2), isTimed);
  }

  /** What it says once it knows that the other one is there. */
  rest(side: Side): Candidate[] {
    return this.#send(side, this.#script.ice, true);
  }

  /** @param from - whose candidate has come */
  arrive(from: Side, index: number, line: unknown): Arrival {
    const { counters } = this.#tally;
    const { arrival, ms } = this.#flows[from].arrive(index, line, performance.now());
    if (arrival === 'duplicated') counters.ice.duplicated += 1;
    if (arrival === 'reordered') counters.ice.reordered += 1;
    if (arrival === 'received' || arrival === 'reordered') counters.ice.received += 1;
    if (ms !== undefined) this.#tally.time('ice_relay', ms);
    return arrival;
  }

  /** It is given up: what is missing is lost. */
  writeOff(): void {
    this.#tally.counters.ice.lost += this.missing;
  }

  #send(side: Side, upTo: number, isTimed: boolean): Candidate[] {
    const flow = this.#flows[side];
    const now = performance.now();
    const batch: Candidate[] = [];
    for (let index = flow.sent; index < upTo; index += 1) {
      const candidate = makeCandidate({ call: this.#script.tag, side, index });
      flow.send(candidate.line, now, isTimed);
      batch.push(candidate);
    }
    this.#tally.counters.ice.sent += batch.length;
    return batch;
  }
}
