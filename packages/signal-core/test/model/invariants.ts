import { expect } from 'vitest';
import { type Call, isLive, isParty, type LiveCall } from '../../src/domain/call.ts';
import type { CallId, DeviceKey } from '../../src/domain/ids.ts';
import { partsIn } from './parts.ts';
import type { Phone } from './phone.ts';
import type { Screen } from './screen.ts';
import { RULES, USERS, type World } from './world.ts';

/** Deadlines are looked at so often, in milliseconds. */
const TICK_MS = 250;

/** What must be true whenever nothing is under way. */
export async function checkInvariants(world: World): Promise<void> {
  expect(world.faults, 'what devices could make no sense of').toEqual([]);
  const live = world.truth.live();
  for (const history of world.truth.histories.values()) checkHistory(history);
  for (const phone of world.phones) if (phone.isUp) checkScreen(phone.device, phone.screen, live);
  for (const call of live) {
    checkDeadlines(call, world.now);
    checkLinks(call, world);
    if (call.status === 'active') checkWords(call, world);
  }
  for (const user of USERS) {
    expect(live.filter((call) => isParty(call, user)).length).toBeLessThanOrEqual(world.maxCallsPerUser);
  }
  for (const phone of world.phones) expect([`${phone}`, phone.outcomes]).toEqual([`${phone}`, phone.unacknowledged]);
  const online = USERS.filter((user) => world.phones.some((phone) => phone.user === user && world.isOnline(phone)));
  for (const { signaling } of world.servers) {
    expect((await signaling.activeCalls()).map(({ id, status }) => [id, status]).sort()).toEqual(
      live.map(({ id, status }) => [id, status]).sort(),
    );
    expect((await signaling.onlineUsers()).map(({ id }) => id).sort()).toEqual(online);
  }
  expect(world.started.map(({ id }) => id)).toEqual([...world.truth.histories.keys()]);
}

/** What must be true once all time has run out. */
export async function checkEnd(world: World): Promise<void> {
  await checkInvariants(world);
  const { calls } = world.truth.stores.in('');
  expect(await calls.live()).toEqual([]);
  expect(await calls.countLive()).toBe(0);
  expect(await calls.claimDue(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  for (const user of USERS) expect((await calls.line(user)).calls).toEqual([]);
  expect(world.ended.map(({ id }) => id).sort()).toEqual([...world.truth.histories.keys()].sort());
}

/** One winner, one end, and nothing after it. */
export function checkHistory(history: Call[]): void {
  const end = history.findIndex((call) => !isLive(call));
  expect([-1, history.length - 1]).toContain(end);
  const winners = new Set(history.flatMap((call) => (call.status === 'active' ? [call.callee.device] : [])));
  expect(winners.size).toBeLessThanOrEqual(1);
}

/** What the device believes of its calls is what they are: so both parties believe the same. */
export function checkScreen(device: DeviceKey, screen: Screen, live: readonly LiveCall[]): void {
  const believed = screen.live().map((callId) => [callId, screen.parts.get(callId)]);
  const parts = partsIn(live, device);
  // whoever dialled in the moment of a ring, and was lost before it came, is not rung anew in its call (CALL-10)
  const mayMiss = screen.connections > 1 && parts.some(([, part]) => part !== 'rung');
  const known = parts.filter(([callId, part]) => !mayMiss || part !== 'rung' || screen.isLive(callId));
  expect([device, ...believed.sort()]).toEqual([device, ...known.sort()]);
}

function checkDeadlines(call: LiveCall, now: number): void {
  const late = (since: number, ms: number) => now > since + ms + TICK_MS;
  if (call.status === 'ringing') expect(late(call.startedAt, RULES.ringTimeoutMs)).toBe(false);
  else expect(late(call.answeredAt, RULES.maxCallMs)).toBe(false);
  const graceMs = call.status === 'ringing' ? RULES.ringingGraceMs : RULES.graceMs;
  if (call.caller.link.state === 'lost') expect(late(call.caller.link.since, graceMs)).toBe(false);
}

/** A call takes for lost exactly those devices that are. */
function checkLinks(call: LiveCall, { phones }: World): void {
  for (const { device, link } of call.status === 'ringing' ? [call.caller, ...call.rung] : [call.caller, call.callee]) {
    const phone = phones.find((other) => other.device === device);
    expect([device, link.state === 'lost']).toEqual([device, phone?.lostAt !== undefined]);
  }
}

/** Whatever one end said in the call has arrived at the other, and nobody else's words have. */
function checkWords(call: Extract<LiveCall, { status: 'active' }>, { phones, words, mendsInMs }: World): void {
  const [caller, callee] = [call.caller, call.callee].map(({ device }) => phones.find((one) => one.device === device));
  if (!caller?.isUp || !callee?.isUp) return;
  for (const each of [caller, callee]) expect([`${each}`, each.screen.away.has(call.id)]).toEqual([`${each}`, false]);
  for (const [from, to] of [
    [caller, callee],
    [callee, caller],
  ] as const) {
    const heard = heardIn(to, call.id);
    const said = (from.said.get(call.id) ?? []).filter((number) => number > to.since);
    if (mendsInMs === 0) expect(said.filter((number) => !heard.includes(number))).toEqual([]);
    expect(heard.filter((number) => words.of(number)?.sender !== from)).toEqual([]);
  }
}

const heardIn = (phone: Phone, callId: CallId) => phone.heard.get(callId) ?? [];
