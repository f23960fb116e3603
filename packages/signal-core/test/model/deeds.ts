import type { CallId, UserId } from '../../src/domain/ids.ts';
import { expectedOf, expectedOfCall } from './expectations.ts';
import { type Answer, type Parting, type Phone, UNANSWERED } from './phone.ts';
import type { WordKind } from './words.ts';
import type { World } from './world.ts';

/** Something that happens. */
export type Deed =
  | { do: 'call'; phone: number; to: UserId }
  | { do: 'repeat'; phone: number }
  | { do: 'accept' | 'reject' | 'end'; phone: number; call: Pick }
  | { do: 'say'; phone: number; kind: WordKind; to: UserId; twice: boolean }
  | { do: 'part'; phone: number; how: Parting }
  | { do: 'join'; phone: number; fresh: boolean }
  | { do: 'wait'; ms: number };

/** One of the device's own live calls, or the n-th latest of all, whosever it is. */
export type Pick = 'own' | number;

/** Whether it makes sense now. */
export function isPossible(deed: Deed, world: World): boolean {
  if (deed.do === 'wait') return true;
  const phone = phoneOf(deed, world);
  switch (deed.do) {
    case 'join':
      return phone.kind !== 'legacy' ? isPageKnown(deed, phone) : !phone.isUp && !deed.fresh;
    case 'repeat':
      return (
        phone.isUp && phone.dialled !== undefined && world.truth.get(phone.dialled.callId, world.now) !== undefined
      );
    case 'accept':
    case 'reject':
    case 'end':
      return phone.isUp && callOf(deed.call, phone, world) !== undefined;
    default:
      return phone.isUp;
  }
}

/** A page without a memory is told nothing of old only if it resumes, or takes over what was not lost. */
function isPageKnown({ fresh }: { fresh: boolean }, phone: Phone): boolean {
  return phone.kind === 'full' || phone.isUp || !fresh;
}

/** What must come of it when nothing else happens; `undefined` when nothing is said. */
export function expected(deed: Deed, world: World): Answer | undefined {
  const phone = phoneOf(deed, world);
  switch (deed.do) {
    case 'call':
      return expectedOfCall(world, phone, deed.to);
    case 'repeat':
      return 'ok';
    case 'accept':
    case 'reject':
    case 'end':
      return expectedOf(deed.do, phone, callOf(deed.call, phone, world) ?? '', world);
    case 'say':
      return expectedOfWord(deed, phone, world);
    default:
      return undefined;
  }
}

function expectedOfWord({ kind }: { kind: WordKind }, phone: Phone, world: World): Answer {
  const callId = callOf('own', phone, world);
  const isTrickle = callId === undefined || kind === 'candidate' || kind === 'candidates';
  return isTrickle || phone.screen.parts.get(callId) === 'talking' ? 'ok' : 'invalid_state';
}

/** Does it. @returns what the device was answered, if anything */
export async function perform(deed: Deed, world: World): Promise<Answer | undefined> {
  if (deed.do === 'wait') {
    await world.clock.advance(deed.ms);
    return undefined;
  }
  const phone = phoneOf(deed, world);
  switch (deed.do) {
    case 'call':
      return phone.call(deed.to, world.newCallId());
    case 'repeat':
      return phone.ask('call_user', phone.dialled?.payload ?? {});
    case 'join':
      await world.join(phone, deed.fresh);
      return undefined;
    case 'part':
      await world.part(phone, deed.how);
      return undefined;
    case 'say':
      return say(deed, phone, world);
    case 'accept':
      return phone.accept(callOf(deed.call, phone, world) ?? '');
    case 'reject':
    case 'end': {
      const callId = callOf(deed.call, phone, world) ?? '';
      return phone.ask(`${deed.do}_call`, { callId }, { onOk: () => phone.screen.did('end', callId) });
    }
  }
}

/** Within its own call if it has one, with or without naming it; otherwise before any call. */
async function say(deed: Extract<Deed, { do: 'say' }>, phone: Phone, world: World): Promise<Answer> {
  const callId = callOf('own', phone, world);
  const call = callId === undefined ? undefined : world.truth.get(callId, world.now);
  if (callId === undefined || call === undefined) return phone.say('candidate', { to: deed.to }, false);
  const to = call.from.id === phone.user ? call.to.id : call.from.id;
  return phone.say(deed.kind, { to, callId }, deed.twice);
}

export function phoneOf(deed: Deed, { phones }: World): Phone {
  const phone = 'phone' in deed ? phones[deed.phone] : phones[0];
  if (phone === undefined) throw new Error('no such device');
  return phone;
}

function callOf(pick: Pick, phone: Phone, world: World): CallId | undefined {
  return pick === 'own' ? phone.screen.live().at(-1) : world.callIds()[pick];
}

export { UNANSWERED };
