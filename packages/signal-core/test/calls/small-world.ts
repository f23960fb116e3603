import { applyCommand } from '../../src/calls/apply-command.ts';
import { returnToCalls, ringLate } from '../../src/calls/device-calls.ts';
import { expireCalls } from '../../src/calls/expire-calls.ts';
import { type PlaceOutcome, placeCall } from '../../src/calls/place-call.ts';
import type { Call, End, LiveCall } from '../../src/domain/call.ts';
import type { CallCommand } from '../../src/domain/command.ts';
import type { Effect } from '../../src/domain/effect.ts';
import { type CallId, type DeviceKey, deviceIdOf, deviceKey, userOf } from '../../src/domain/ids.ts';
import type { Session } from '../../src/domain/session.ts';
import { SessionTracker } from '../../src/presence/track-sessions.ts';
import type { CallStore } from '../../src/stores/call-store.ts';
import { ANSWER, OFFER } from '../domain/cast.ts';
import { overriding } from '../stores/overriding.ts';
import { stage } from './stage.ts';

export const DEVICES = ['alice', 'bob', 'carol'].flatMap((user) => [deviceKey(user, 'one'), deviceKey(user, 'two')]);

/** Times are short, so that every story soon comes to its end. */
const RULES = { ringTimeoutMs: 12_000, graceMs: 6_000, ringingGraceMs: 2_000, maxCallMs: 15_000 };

/** What a device may do. `call` picks one of the calls so far. */
export type Deed =
  | { do: 'call'; device: DeviceKey; to: string; again: boolean }
  | { do: 'accept' | 'reject' | 'end'; device: DeviceKey; call: number }
  | { do: 'leave' | 'lose'; device: DeviceKey }
  | { do: 'arrive'; device: DeviceKey };

/** Deeds that happen at once, and how many milliseconds then go by. */
export interface Scene {
  deeds: Deed[];
  waitMs: number;
}

/** All that happened, for whoever wants to judge it. */
export interface Chronicle {
  /** Every call that was committed, in the order of commits. */
  commits: Call[];
  effects: Effect[];
  places: { callId: CallId; device: DeviceKey; outcome: PlaceOutcome }[];
  /** Devices that were there, and that a call of theirs took for lost all the same. */
  mistakenForLost: DeviceKey[];
  /** Devices that were not, and that a call of theirs took for there. */
  mistakenForThere: DeviceKey[];
  /** How many calls are left when all time has run out. */
  left: number;
  errors: string[];
}

/**
 * Three users with two devices each, on the real stores, rules and timers.
 *
 * @param delays - how many turns each access to the calls takes, over and over: what runs at once gets mixed
 */
export async function play(scenes: Scene[], { max, delays }: { max: number; delays: number[] }): Promise<Chronicle> {
  const chronicle: Chronicle = {
    commits: [],
    effects: [],
    places: [],
    mistakenForLost: [],
    mistakenForThere: [],
    left: 0,
    errors: [],
  };
  const set = stage({
    rules: { ...RULES, maxCallsPerUser: max, ringingPerUser: Number.POSITIVE_INFINITY },
    calls: (store) => recorded(delayed(store, delays), chronicle.commits),
  });
  const { context, clock } = set;
  const sessions = new SessionTracker(set.all, () => {});
  const connected = new Map<DeviceKey, Session>();
  const queues = new Map<DeviceKey, Promise<void>>();
  const stop = expireCalls(set.all);
  let connections = 0;

  const arrive = async (device: DeviceKey) => {
    const old = connected.get(device);
    connections += 1;
    const { session, before } = await sessions.arrive({
      user: { id: userOf(device), username: userOf(device) },
      socketId: `s${connections}`,
      deviceId: deviceIdOf(device),
      legacy: userOf(device) === 'alice',
      userAgent: deviceIdOf(device),
      features: [],
      scope: '',
    });
    connected.set(device, session);
    if (before !== undefined) await returnToCalls(context, { device: device, legacy: session.legacy });
    await ringLate(context, { device: device });
    // the connection that was replaced is noticed late
    if (old !== undefined) await sessions.lose(old);
  };

  const depart = async (device: DeviceKey, how: 'leave' | 'lose') => {
    const session = connected.get(device);
    connected.delete(device);
    if (session !== undefined) await sessions[how](session);
  };

  const call = async (device: DeviceKey, to: string, again: boolean) => {
    const earlier = chronicle.places.findLast((place) => place.device === device);
    const callId = again && earlier !== undefined ? earlier.callId : `c${chronicle.places.length + 1}`;
    const place: Chronicle['places'][number] = { callId, device, outcome: { ok: false, code: 'unavailable' } };
    chronicle.places.push(place);
    const from = { id: userOf(device), username: userOf(device) };
    place.outcome = await placeCall(context, {
      callId,
      device,
      from,
      scope: '',
      to,
      callType: 'video',
      offer: OFFER,
      at: clock.now(),
    });
  };

  const perform = async (deed: Deed): Promise<void> => {
    const { device } = deed;
    if (deed.do === 'arrive') return arrive(device);
    if (!connected.has(device)) return;
    if ('to' in deed) return call(device, deed.to, deed.again);
    if (!('call' in deed)) return depart(device, deed.do);
    const places = chronicle.places;
    const callId = places[deed.call % Math.max(1, places.length)]?.callId ?? 'none';
    await applyCommand(context, callId, commandOf(deed.do, device, clock.now()));
  };

  /** Each connection does one thing after the other, as its queue has it; connections do not wait for each other. */
  const inTurn = (deed: Deed): Promise<void> => {
    const before = deed.do === 'arrive' ? undefined : queues.get(deed.device);
    const turn = (before ?? Promise.resolve()).then(() => perform(deed));
    queues.set(deed.device, turn);
    return turn;
  };

  for (const device of DEVICES) await arrive(device);
  for (const { deeds, waitMs } of scenes) {
    await Promise.all(deeds.map(inTurn));
    for (const { device, link } of (await context.stores.calls.live()).flatMap(endsOf)) {
      if (connected.has(device) && link.state === 'lost') chronicle.mistakenForLost.push(device);
      if (!connected.has(device) && link.state !== 'lost') chronicle.mistakenForThere.push(device);
    }
    await clock.advance(waitMs);
  }
  await clock.advance(RULES.maxCallMs + 1_000);
  stop();
  sessions.close();
  chronicle.effects = set.effects;
  chronicle.left = await context.stores.calls.countLive();
  chronicle.errors = set.logged.map(({ message }) => message);
  return chronicle;
}

function commandOf(type: 'accept' | 'reject' | 'end', device: DeviceKey, at: number): CallCommand {
  if (type === 'accept') return { type, device, answer: ANSWER, at };
  return type === 'reject' ? { type, device, reason: 'declined', at } : { type, device, at };
}

function endsOf(call: LiveCall): End[] {
  return [call.caller, ...(call.status === 'ringing' ? call.rung : [call.callee])];
}

function delayed(store: CallStore, delays: number[]): CallStore {
  let access = 0;
  const wait = async () => {
    access += 1;
    for (let turns = delays[access % delays.length] ?? 0; turns > 0; turns -= 1) await undefined;
  };
  return overriding(store, {
    get: (id) => wait().then(() => store.get(id)),
    line: (userId) => wait().then(() => store.line(userId)),
    commit: (commit) => wait().then(() => store.commit(commit)),
  });
}

function recorded(store: CallStore, commits: Call[]): CallStore {
  return overriding(store, {
    async commit(commit) {
      const isCommitted = await store.commit(commit);
      if (isCommitted) commits.push(...commit.calls.map(({ call }) => call));
      return isCommitted;
    },
  });
}
