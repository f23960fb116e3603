import { Churn, type ChurnProgress } from './churn.js';
import { makeUser } from './make-user.js';
import type { Schedule } from './on-schedule.js';
import type { Population } from './population.js';
import type { ProtocolName } from './protocols/protocols.js';

export interface ChurnPlan extends Schedule {
  protocol: ProtocolName;
  port: number;
  /** The first so many of the population stay; the others come and go. */
  staying: number;
  /** More who come and go, and are away at first. */
  away: number;
  /** Number of the first of these. */
  firstAway: number;
}

export interface AwaitAgreementPlan {
  /** The ids of those online who are another driver's. */
  others: readonly string[];
  limitMs: number;
}

const NO_CHURN: ChurnProgress = { joins: 0, leaves: 0, bytes: 0 };

/** A population of which some come and go. */
export class Crowd {
  readonly #population: Population;
  #churn: Churn | undefined;
  #staying = Number.POSITIVE_INFINITY;

  constructor(population: Population) {
    this.#population = population;
  }

  /** The ids of those who are online. */
  get online(): string[] {
    const staying = this.#population.clients.slice(0, this.#staying);
    return [...staying.map(({ user }) => user.id), ...(this.#churn?.online ?? [])];
  }

  get progress(): ChurnProgress {
    return this.#churn?.progress ?? NO_CHURN;
  }

  /** Payload bytes that the first so many have received since they connected. */
  bytesTo(first: number): number {
    return this.#population.clients.slice(0, first).reduce((sum, { bytesReceived }) => sum + bytesReceived, 0);
  }

  async churn(plan: ChurnPlan, halt: AbortSignal): Promise<void> {
    const { clients } = this.#population;
    const { protocol, port, staying, firstAway } = plan;
    const away = Array.from({ length: plan.away }, (_, index) => makeUser(firstAway + index));
    this.#staying = staying;
    this.#churn = new Churn({ protocol, port, online: clients.slice(staying), away });
    await this.#churn.run(plan, halt);
  }

  /** Waits until the observer was told of exactly those who are online. @returns whether it came to that */
  async awaitAgreement({ others, limitMs }: AwaitAgreementPlan): Promise<boolean> {
    const deadline = performance.now() + limitMs;
    const expected = [...this.online, ...others];
    for (;;) {
      const { online } = this.#population.observer;
      if (online.size === expected.length && expected.every((id) => online.has(id))) return true;
      if (performance.now() >= deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
