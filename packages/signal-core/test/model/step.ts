import fc, { type AsyncCommand } from 'fast-check';
import { expect } from 'vitest';
import { type Deed, expected, isPossible, perform, phoneOf } from './deeds.ts';
import { checkInvariants } from './invariants.ts';
import { DEPARTURES, LOSSES, UNANSWERED } from './phone.ts';
import { USERS, type World } from './world.ts';

const phone = fc.nat({ max: 5 });
const full = fc.constantFrom(4, 5);
const call = fc.oneof(
  { weight: 5, arbitrary: fc.constant('own' as const) },
  { weight: 1, arbitrary: fc.nat({ max: 3 }) },
);
const to = fc.constantFrom(...USERS);
const kind = fc.constantFrom(
  'candidate' as const,
  'candidate' as const,
  'candidates' as const,
  'info' as const,
  'description' as const,
);

const calling = fc.record({ do: fc.constant('call' as const), phone, to });
const accepting = fc.record({ do: fc.constant('accept' as const), phone, call });
const ending = fc.record({ do: fc.constantFrom('reject' as const, 'end' as const), phone, call });
const saying = fc.record({ do: fc.constant('say' as const), phone, kind, to, twice: fc.boolean() });
const repeating = fc.record({ do: fc.constant('repeat' as const), phone });
const parting = fc.record({
  do: fc.constant('part' as const),
  phone,
  how: fc.constantFrom(...LOSSES, ...LOSSES, ...DEPARTURES),
});
const joining = fc.record({ do: fc.constant('join' as const), phone, fresh: fc.boolean() });
const waiting = fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(250, 2_500, 2_500, 6_500, 13_000) });

/** What may happen at once: only devices that resume, since what is under way to the others may be lost. */
const atOnce = fc.oneof(
  { weight: 4, arbitrary: calling },
  { weight: 8, arbitrary: accepting },
  { weight: 5, arbitrary: ending },
  { weight: 4, arbitrary: saying },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('part' as const), phone: full, how: fc.constantFrom(...LOSSES) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('join' as const), phone: full, fresh: fc.constant(false) }) },
  { weight: 1, arbitrary: waiting },
);

const alone = (deed: fc.Arbitrary<Deed>) => deed.map((each): Step => new Alone(each));
const together = (deed: fc.Arbitrary<Deed>) =>
  fc.array(deed, { minLength: 2, maxLength: 4 }).map((deeds): Step => new Together(deeds));

/** What devices think is in the world too. */
type Step = AsyncCommand<{ world: World }, World>;

/** Every kind of step, each by itself or several at once. */
export const STEPS: fc.Arbitrary<Step>[] = [
  ...[calling, calling, calling, accepting, accepting, accepting, accepting, ending].map(alone),
  ...[saying, saying, saying, repeating, parting, parting, joining, joining, joining, waiting].map(alone),
  ...[atOnce, atOnce, atOnce].map(together),
];

/** One thing happens, and comes to what it must. */
class Alone implements Step {
  readonly #deed: Deed;

  constructor(deed: Deed) {
    this.#deed = deed;
  }

  check({ world }: { world: World }): boolean {
    return isPossible(this.#deed, world);
  }

  async run({ world }: { world: World }): Promise<void> {
    const deed = this.#deed;
    const wanted = expected(deed, world);
    const placed = world.truth.histories.size;
    const answer = await perform(deed, world);
    await world.settle();
    if (answer === UNANSWERED) expect(world.truth.histories.size - placed).toBe(wanted === 'ok' ? 1 : 0);
    else expect(answer).toBe(wanted);
    await checkInvariants(world);
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
    return this.#deeds.some((deed) => isPossible(deed, world));
  }

  async run({ world }: { world: World }): Promise<void> {
    const possible = this.#deeds.filter((deed, index) => {
      const isMoved = deed.do === 'part' || deed.do === 'join';
      const isFirst =
        this.#deeds.findIndex((other) => other.do === deed.do && phoneOf(other, world) === phoneOf(deed, world)) ===
        index;
      return isPossible(deed, world) && (!isMoved || isFirst);
    });
    await Promise.all(possible.map((deed) => perform(deed, world)));
    await world.settle();
    await checkInvariants(world);
  }

  toString(): string {
    return `at once(${this.#deeds.map(inWords).join(' | ')})`;
  }
}

function inWords(deed: Deed): string {
  if (deed.do === 'wait') return `wait ${deed.ms}`;
  const { do: what, phone: index, ...rest } = deed;
  return [`${USERS[Math.floor(index / 2)]}.${index % 2 === 0 ? 'one' : 'two'}`, what, ...Object.values(rest)].join(' ');
}
