import type { CallId, UserId } from '../../src/domain/ids.ts';
import { expectedOf, expectedOfCall } from './expectations.ts';
import type { Answer, Parting, Phone } from './phone.ts';
import type { Part } from './screen.ts';
import type { WordKind } from './words.ts';
import { USERS, type World } from './world.ts';

/** Something that happens. Numbers pick one of those devices, users and calls that it makes sense for. */
export type Deed =
  | { do: 'call'; phone: number; to: number }
  | { do: 'repeat'; phone: number }
  | { do: 'accept' | 'reject' | 'end'; phone: number }
  /** Any device acts on any call, whosever it is. */
  | { do: 'meddle'; phone: number; with: 'accept' | 'reject' | 'end'; call: number }
  | { do: 'say'; phone: number; kind: WordKind; to: number; twice: boolean }
  | { do: 'part'; phone: number; how: Parting }
  | { do: 'return' | 'take over'; phone: number; fresh: boolean }
  | { do: 'wait'; ms: number };

/** A deed, as it is done now. */
export interface Act {
  phone: Phone | undefined;
  /** For whoever reads of it. */
  text: string;
  /** What must come of it when nothing else happens; `undefined` when nothing is said. */
  expected: Answer | undefined;
  /** @returns what the device was answered, if anything */
  perform(): Promise<Answer | undefined>;
}

/** @returns `undefined` when there is nobody to do it now */
export function actOf(deed: Deed, world: World): Act | undefined {
  if (deed.do === 'wait') {
    const perform = async () => void (await world.advance(deed.ms));
    return { phone: undefined, text: `wait ${deed.ms}`, expected: undefined, perform };
  }
  const able = world.phones.filter((phone) => isAble(deed, phone, world));
  const phone = able[deed.phone % able.length];
  if (phone === undefined) return undefined;
  return { phone, ...actBy(phone, deed, world) };
}

type DeedOfPhone = Exclude<Deed, { do: 'wait' }>;

function isAble(deed: DeedOfPhone, phone: Phone, world: World): boolean {
  switch (deed.do) {
    case 'return':
      // a page without a memory is told nothing of old only if it resumes
      return !phone.isUp && (!deed.fresh || phone.kind === 'full');
    case 'take over':
      return phone.isUp && phone.kind !== 'legacy';
    case 'repeat':
      return (
        phone.isUp && phone.dialled !== undefined && world.truth.get(phone.dialled.callId, world.now) !== undefined
      );
    case 'accept':
    case 'reject':
      return phone.isUp && callIn(phone, 'rung') !== undefined;
    case 'end':
      return phone.isUp && callIn(phone) !== undefined;
    default:
      return phone.isUp;
  }
}

function actBy(phone: Phone, deed: DeedOfPhone, world: World): Omit<Act, 'phone'> {
  const { truth } = world;
  switch (deed.do) {
    case 'call': {
      const others = USERS.filter((user) => user !== phone.user);
      const to = others[deed.to] ?? phone.user;
      const perform = () => phone.call(to, world.newCallId());
      return { text: `${phone} calls ${to}`, expected: expectedOfCall(world, phone, to), perform };
    }
    case 'repeat':
      return {
        text: `${phone} calls again`,
        expected: 'ok',
        perform: () => phone.ask('call_user', phone.dialled?.payload ?? {}),
      };
    case 'accept':
    case 'reject':
    case 'end':
      return command(deed.do, phone, callIn(phone, deed.do === 'end' ? undefined : 'rung') ?? '', world);
    case 'meddle': {
      const ids = [...truth.histories.keys()].reverse();
      return command(deed.with, phone, ids[deed.call % ids.length] ?? 'no-such-call', world);
    }
    case 'say':
      return say(deed, phone, world);
    case 'part':
      return {
        text: `${phone}: ${deed.how}`,
        expected: undefined,
        perform: silently(() => world.part(phone, deed.how)),
      };
    case 'return':
    case 'take over': {
      const text = `${phone}: ${deed.do}${deed.fresh ? ' as another page' : ''}`;
      return { text, expected: undefined, perform: silently(() => world.join(phone, deed.fresh)) };
    }
  }
}

const silently = (act: () => Promise<void>) => async (): Promise<undefined> => void (await act());

function command(what: 'accept' | 'reject' | 'end', phone: Phone, callId: CallId, world: World): Omit<Act, 'phone'> {
  const onOk = () => phone.screen.did('end', callId);
  return {
    text: `${phone}: ${what} ${callId}`,
    expected: expectedOf(what, phone, callId, world),
    perform: () => (what === 'accept' ? phone.accept(callId) : phone.ask(`${what}_call`, { callId }, { onOk })),
  };
}

/** Within its own call if it has one; otherwise before any call. */
function say(deed: Extract<Deed, { do: 'say' }>, phone: Phone, world: World): Omit<Act, 'phone'> {
  const callId = callIn(phone);
  const call = callId === undefined ? undefined : world.truth.get(callId, world.now);
  if (callId === undefined || call === undefined) {
    const to = USERS.filter((user) => user !== phone.user)[deed.to] ?? phone.user;
    return {
      text: `${phone}: early candidate for ${to}`,
      expected: 'ok',
      perform: () => phone.say('candidate', { to }, false),
    };
  }
  const to: UserId = call.from.id === phone.user ? call.to.id : call.from.id;
  const isTrickle = deed.kind === 'candidate' || deed.kind === 'candidates';
  return {
    text: `${phone}: ${deed.kind} in ${callId}${deed.twice ? ', twice' : ''}`,
    expected: isTrickle || phone.screen.parts.get(callId) === 'talking' ? 'ok' : 'invalid_state',
    perform: () => phone.say(deed.kind, { to, callId }, deed.twice),
  };
}

/** The latest of the device's live calls, or of those in which it has that part. */
function callIn({ screen }: Phone, part?: Part): CallId | undefined {
  return screen.live().findLast((callId) => part === undefined || screen.parts.get(callId) === part);
}
