import fc from 'fast-check';
import type { Call } from '../../src/domain/call.ts';
import type { CallCommand } from '../../src/domain/command.ts';
import type { Effect } from '../../src/domain/effect.ts';
import type { DeviceKey } from '../../src/domain/ids.ts';
import { transition } from '../../src/domain/transition.ts';
import { ANSWER, laptop, PLACED_AT, pager, phone, RULES, ringing, tablet, tv, watch } from './cast.ts';

type Timeless = CallCommand extends infer Command ? (Command extends unknown ? Omit<Command, 'at'> : never) : never;

const device: fc.Arbitrary<DeviceKey> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(laptop, phone, tablet) },
  { weight: 1, arbitrary: fc.constantFrom(watch, tv, pager) },
);
const parting = fc.constantFrom('leave', 'replace', 'end');
const node = fc.constantFrom('east', 'west');
/** As `record`, perhaps at a node. */
const at = <Model>(model: { [Key in keyof Model]: fc.Arbitrary<Model[Key]> }) =>
  fc.oneof(fc.record(model), fc.record({ ...model, node }));

/** What changes little comes often, what ends the call seldom: most stories are long. */
const command: fc.Arbitrary<Timeless> = fc.oneof(
  { weight: 2, arbitrary: at({ type: fc.constant('accept'), device, answer: fc.constant(ANSWER) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('reject'), device, reason: fc.constantFrom('declined', 'busy') }),
  },
  { weight: 5, arbitrary: at({ type: fc.constant('return'), device, legacy: fc.boolean() }) },
  { weight: 5, arbitrary: at({ type: fc.constantFrom('lose', 'lose', 'lose', 'ring'), device }) },
  { weight: 4, arbitrary: fc.record({ type: parting, device }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('remove'), reason: fc.constant('removed') }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('expire') }) },
) as fc.Arbitrary<Timeless>; // fast-check widens the literals

/** Commands, and how many milliseconds each of them comes after the one before. */
export const story = fc.array(fc.tuple(command, fc.constantFrom(0, 0, 1, 1_000, 4_999, 10_000, 15_000, 60_000)), {
  maxLength: 30,
});

export interface Step {
  before: Call;
  command: CallCommand;
  after: Call;
  effects: Effect[];
  refused: boolean;
}

/** What happens to a call of Alice's laptop to Bob's phone and tablet. */
export function play(commands: [Timeless, number][]): Step[] {
  let [call, at]: [Call, number] = [ringing(), PLACED_AT];
  return commands.map(([timeless, later]) => {
    at += later;
    const before = call;
    const command: CallCommand = { ...timeless, at };
    const decision = transition(before, command, RULES);
    if (decision.ok) call = decision.call;
    return { before, command, after: call, effects: decision.ok ? decision.effects : [], refused: !decision.ok };
  });
}
