import type { Dice } from './dice.ts';
import { hostileJson, strangeValue } from './hostile-value.ts';
import { mutate, spoil } from './mutate.ts';
import { type Cast, EVENTS, VALID_PAYLOADS } from './valid-events.ts';

/** Ids of acknowledgements; those of barriers are far above. */
const ACKS = ['', '', '0', '7', '99', '000', '123456789012345'];

/** An event packet of the default namespace, malformed in one to three places: its name, its arguments, their members. */
export function hostileEvent(cast: Cast, dice: Dice): string {
  const event = dice.pick(EVENTS);
  let payload: unknown = VALID_PAYLOADS[event](cast, dice);
  for (let times = 1 + dice.int(3); times > 0; times -= 1) payload = mutate(payload, dice);
  // whoever says who they are is believed in `open` mode: then the fuzzer would be somebody else, and not hostile
  if (event === 'join' && Object(payload).id !== undefined && dice.chance(0.8)) Object(payload).id = cast.self.id;
  const name = dice.chance(0.03) ? dice.pick([spoil(event, dice), '__proto__', 'disconnect', '', 7, null, []]) : event;
  return `42${dice.pick(ACKS)}${hostileJson([name, ...argumentsOf(payload, dice)])}`;
}

/** Mostly the one payload; sometimes none, more, or in the wrong place. */
function argumentsOf(payload: unknown, dice: Dice): unknown[] {
  if (dice.chance(0.85)) return payload === undefined ? [] : [payload];
  return dice.pick([[], [null, payload], [payload, payload], [[payload]], [payload, strangeValue(dice), 7, {}]]);
}
