import { devicesOf, endsOf, isInCall, isLive, type LiveCall } from '../domain/call.js';
import { type CallId, type DeviceKey, type UserId, userOf } from '../domain/ids.js';
import { type Place, placeOf, type Session } from '../domain/session.js';
import { transition } from '../domain/transition.js';
import { applyCommand } from './apply-command.js';
import { type CallContext, heldHere, MAX_ATTEMPTS } from './call-context.js';
import { areInOneScope } from './scope.js';

/** Whether the device takes part in any live call, or is rung for one. */
export async function isInCalls(context: CallContext, device: DeviceKey): Promise<boolean> {
  return (await callsOf(context, device)).length > 0;
}

/** Tells every call of a device of this node that the device left for good, or was lost. */
export async function takeFromCalls(context: CallContext, device: DeviceKey, how: 'leave' | 'lose'): Promise<void> {
  const at = context.clock.now();
  const place = heldHere(context, device);
  for (const call of await callsOf(context, device)) await applyCommand(context, call.id, { type: how, ...place, at });
}

/**
 * A device was given up: calls that believe that it is there, as one that a node answered for it at its end, go on without
 * it. Those that wait for it have a deadline of their own.
 */
export async function leaveCalls(context: CallContext, device: DeviceKey): Promise<void> {
  const at = context.clock.now();
  for (const call of await callsOf(context, device)) {
    const isThere = endsOf(call).some((end) => end.device === device && end.link.state !== 'lost');
    if (isThere) await applyCommand(context, call.id, { type: 'leave', device, at });
  }
}

/**
 * Gives a device that came back its place in its calls.
 *
 * @param session - `isLate` when nobody knows what the device was told before
 */
export async function returnToCalls(
  context: CallContext,
  session: Place & Pick<Session, 'legacy'> & { isLate?: boolean },
): Promise<void> {
  const at = context.clock.now();
  const { legacy, isLate = false } = session;
  for (const call of await callsOf(context, session.device)) {
    await applyCommand(context, call.id, { type: 'return', ...placeOf(session), legacy, isLate, at });
  }
}

/**
 * Rings a device that came online, or came back, for every call that rings its user; never while it is in a call.
 *
 * @param known - calls that the device has on its screen
 * @see SPEC.md, rules CALL-10, CALL-19, LOSS-8, PRES-11
 */
export async function ringLate(context: CallContext, place: Place, known: readonly CallId[] = []): Promise<void> {
  const user = userOf(place.device);
  const { calls } = await context.stores.calls.line(user);
  for (const call of calls) {
    if (call.to.id !== user || known.includes(call.id) || call.status !== 'ringing') continue;
    if (await areInOneScope(context, call.caller.device, place.device)) await ringIfFree(context, call.id, place);
  }
}

/** Commits on the line that says that the device is in no call: it may dial or answer meanwhile. */
async function ringIfFree(context: CallContext, callId: CallId, place: Place): Promise<void> {
  const { stores, rules, clock } = context;
  const { device } = place;
  const userId = userOf(device);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const line = await stores.calls.line(userId);
    const call = line.calls.find(({ id }) => id === callId);
    if (call === undefined || line.calls.some((other) => isInCall(other, device))) return;
    const decision = transition(call, { type: 'ring', ...placeOf(place), at: clock.now() }, rules);
    if (!decision.ok) return;
    const calls = decision.call === call ? [] : [{ call: decision.call, expectedVersion: call.version }];
    const lines = [{ userId, expectedVersion: line.version }];
    if (!(await stores.calls.commit({ calls, lines }))) continue;
    context.run(decision.effects, [{ before: call, after: decision.call }], context.scope);
    return;
  }
}

/** Devices may have come, gone or been lost while a call was being placed or restored: the call learns of it now. */
export async function catchUpWithDevices(context: CallContext, callId: CallId): Promise<void> {
  const { stores, clock } = context;
  const call = await stores.calls.get(callId);
  if (call === undefined || !isLive(call)) return;
  const at = clock.now();
  const sessionsOf = async (userId: UserId) =>
    (await stores.presence.sessionsOf(userId)).filter(({ scope }) => scope === context.scope);
  const callerSessions = await sessionsOf(call.from.id);
  const calleeSessions = await sessionsOf(call.to.id);
  for (const { device, link } of endsOf(call)) {
    const sessions = device === call.caller.device ? callerSessions : calleeSessions;
    const session = sessions.find((each) => each.device === device);
    if (session === undefined) await applyCommand(context, callId, { type: 'leave', device, at });
    else if (session.lostAt !== undefined && link.state !== 'lost') {
      await applyCommand(context, callId, { type: 'lose', ...placeOf(session), at });
    }
  }
  for (const session of call.status === 'ringing' ? calleeSessions : []) {
    if (session.lostAt === undefined && !devicesOf(call).includes(session.device)) await ringLate(context, session);
  }
}

async function callsOf(context: CallContext, device: DeviceKey): Promise<LiveCall[]> {
  const { calls } = await context.stores.calls.line(userOf(device));
  return calls.filter((call) => devicesOf(call).includes(device));
}
