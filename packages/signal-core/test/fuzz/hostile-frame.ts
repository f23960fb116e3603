import type { Dice } from './dice.ts';
import { hostileEvent } from './hostile-event.ts';
import { spoil } from './mutate.ts';
import type { Cast } from './valid-events.ts';

/** Between the packets of one polling payload; in a WebSocket message it is a character like any other. */
export const SEPARATOR = '\x1e';

const HEADS = ['', '4', '42', '420', '42/', '42/admin,', '41', '43', '44', '45', '451-', '45999999999-', '461-0', '5'];
const WHOLE = [
  '',
  '0',
  '0{"sid":"x","upgrades":[]}',
  '1',
  '2',
  '2probe',
  '3probe',
  '40',
  '40{"token":7}',
  '40/admin,{}',
  '41',
  '41/admin,',
  '430[]',
  '43999999999[{}]',
  '44{"message":"x"}',
  '42/admin,["join"]',
  '4299999999999999999999["ping"]',
  '42-1["ping"]',
  '421.5["ping"]',
  '450-["ping"]',
  '451-["ping",{"_placeholder":true,"num":0}]',
  '451-["ping",{"_placeholder":true,"num":1e9}]',
  'bAAAA',
  'b',
  '42["disconnect"]',
  '42["connect"]',
  '42["error",{}]',
  '42["newListener",{}]',
  '42[["join"],{}]',
  '42{"0":"join","length":1}',
];
const CHARACTERS = '0123456789{}[]",:\\-/b._ \u0000\u001e\u001f\u2028\ud800éz';

/** A message that is hardly a packet. Most leave the connection open, so that what comes after them is read as well. */
export function hostileFrame(cast: Cast, dice: Dice): string {
  if (dice.chance(0.2)) return brokenFrame(cast, dice);
  switch (dice.int(3)) {
    case 0:
      return `43${dice.int(1e6)}[${dice.pick(['', 'null', '{}', '"x"', '[[[]]]', '1e999'])}]`;
    case 1:
      return hostileEvent(cast, dice);
    default:
      return `42${dice.pick(['', '1', '12'])}${JSON.stringify([randomText(dice), randomText(dice)])}`;
  }
}

/** A packet cut, glued, spoilt, under another head, or random: what mostly ends a connection. */
function brokenFrame(cast: Cast, dice: Dice): string {
  const event = () => hostileEvent(cast, dice);
  switch (dice.int(7)) {
    case 0:
      return dice.pick(WHOLE);
    case 1:
      return spoil(dice.pick(WHOLE), dice);
    case 2:
      return event().slice(0, dice.int(200));
    case 3:
      return event() + dice.pick(['', SEPARATOR, '\n']) + event();
    case 4:
      return dice.pick(HEADS) + event().slice(2);
    case 5:
      return dice.pick(HEADS) + spoil('["ping",{"x":[1,"two",null]}]', dice);
    default:
      return randomText(dice);
  }
}

function randomText(dice: Dice): string {
  const length = dice.int(40);
  if (dice.chance(0.3)) return dice.bytes(length).toString('latin1');
  return Array.from({ length }, () => dice.pick([...CHARACTERS])).join('');
}
