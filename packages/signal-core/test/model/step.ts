import fc, { type AsyncCommand } from 'fast-check';
import { expect } from 'vitest';
import { type Act, actOf, type Deed } from './deeds.ts';
import { checkInvariants } from './invariants.ts';
import { DEPARTURES, LOSSES, type Phone, UNANSWERED } from './phone.ts';
import type { World } from './world.ts';

/** What devices think is in the world too. */
type Step = AsyncCommand<{ world: World }, World>;

const phone = fc.nat({ max: 5 });
/** One of the two others, seldom oneself. */
const to = fc.constantFrom(0, 0, 0, 1, 1, 1, 2);
const kind = fc.constantFrom('candidate' as const, 'candidates' as const, 'info' as const, 'description' as const);
const loss = fc.constantFrom(...LOSSES);

const called = fc.record({ do: fc.constant('call' as const), phone, to });
const repeated = fc.record({ do: fc.constant('repeat' as const), phone });
const accepted = fc.record({ do: fc.constant('accept' as const), phone });
const ended = fc.record({ do: fc.constantFrom('reject' as const, 'end' as const), phone });
const commands = fc.constantFrom('accept' as const, 'reject' as const, 'end' as const);
const meddled = fc.record({ do: fc.constant('meddle' as const), phone, with: commands, call: fc.nat({ max: 2 }) });
const said = fc.record({ do: fc.constant('say' as const), phone, kind, to, twice: fc.boolean() });
const lost = fc.record({ do: fc.constant('part' as const), phone, how: loss });
const departed = fc.record({ do: fc.constant('part' as const), phone, how: fc.constantFrom(...DEPARTURES) });
const returned = fc.record({ do: fc.constant('return' as const), phone, fresh: fc.boolean() });
const tookOver = fc.record({ do: fc.constant('take over' as const), phone, fresh: fc.boolean() });
const waited = fc.record({
  do: fc.constant('wait' as const),
  ms: fc.constantFrom(250, 250, 2_500, 2_500, 6_500, 13_000),
});

const weighted = (...arbitraries: [weight: number, arbitrary: fc.Arbitrary<Deed>][]) =>
  fc.oneof(...arbitraries.map(([weight, arbitrary]) => ({ weight, arbitrary })));

const alone = weighted(
  [6, called],
  [7, accepted],
  [2, ended],
  [2, meddled],
  [7, said],
  [1, repeated],
  [3, lost],
  [1, departed],
  [5, returned],
  [1, tookOver],
  [2, waited],
);
const atOnce = weighted(
  [3, called],
  [5, accepted],
  [4, ended],
  [1, meddled],
  [5, said],
  [2, lost],
  [2, returned],
  [1, tookOver],
  [1, waited],
);

/** Every kind of step: each by itself, or several at once. */
export const STEPS: fc.Arbitrary<Step>[] = [
  ...Array(3).fill(alone.map((deed): Step => new Alone(deed))),
  fc.array(atOnce, { minLength: 2, maxLength: 4 }).map((deeds): Step => new Together(deeds)),
];

/** One thing happens, and comes to what it must. */
class Alone implements Step {
  readonly #deed: Deed;

  constructor(deed: Deed) {
    this.#deed = deed;
  }

  check({ world }: { world: World }): boolean {
    return actOf(this.#deed, world) !== undefined;
  }

  async run({ world }: { world: World }): Promise<void> {
    const act = actOf(this.#deed, world);
    if (act === undefined) return;
    world.diary.push(act.text);
    const placed = world.truth.histories.size;
    const answer = await act.perform();
    await world.settle();
    if (answer === UNANSWERED) expect(world.truth.histories.size - placed).toBe(act.expected === 'ok' ? 1 : 0);
    else expect(answer).toBe(act.expected);
    await world.agree(checkInvariants);
  }

  toString(): string {
    return inWords(this.#deed);
  }
}

/** Several things happen at once: whatever comes of each, it comes to the same for everybody. */
class Together implements Step {
  readonly #deeds: Deed[];

  constructor(deeds: Deed[]) {
    this.#deeds = deeds;
  }

  check({ world }: { world: World }): boolean {
    return actsAtOnce(this.#deeds, world).length > 0;
  }

  async run({ world }: { world: World }): Promise<void> {
    const acts = actsAtOnce(this.#deeds, world);
    world.diary.push(...acts.map((act) => `at once: ${act.text}`));
    await Promise.all(acts.map((act) => act.perform()));
    await world.settle();
    await world.agree(checkInvariants);
  }

  toString(): string {
    return `(${this.#deeds.map(inWords).join(' | ')})`;
  }
}

/**
 * What of it can happen at once: a device is lost or comes back once, and only if it resumes, since what is under way
 * to the others may be lost.
 */
function actsAtOnce(deeds: Deed[], world: World): Act[] {
  const moved = new Set<Phone>();
  return deeds.flatMap((deed) => {
    const act = actOf(deed, world);
    if (act === undefined) return [];
    if (act.phone === undefined || !isMove(deed)) return [act];
    if (act.phone.kind !== 'full' || moved.has(act.phone) || ('fresh' in deed && deed.fresh)) return [];
    moved.add(act.phone);
    return [act];
  });
}

const isMove = (deed: Deed) => deed.do === 'part' || deed.do === 'return' || deed.do === 'take over';

const inWords = (deed: Deed) => Object.values(deed).join(' ');
