import { devicesOf, isInCall, isLive, type LiveCall } from '../domain/call.js';
import { type CallId, type DeviceKey, type UserId, userOf } from '../domain/ids.js';
import { transition } from '../domain/transition.js';
import { applyCommand } from './apply-command.js';
import { type CallContext, MAX_ATTEMPTS } from './call-context.js';
import { areInOneScope } from './scope.js';

/** Tells every call of a device that the device left for good, or was lost. */
export async function takeFromCalls(context: CallContext, device: DeviceKey, how: 'leave' | 'lose'): Promise<void> {
  const at = context.clock.now();
  for (const call of await callsOf(context, device)) await applyCommand(context, call.id, { type: how, device, at });
}

/** Gives a device that came back its place in its calls. */
export async function returnToCalls(context: CallContext, device: DeviceKey, legacy: boolean): Promise<void> {
  const at = context.clock.now();
  for (const call of await callsOf(context, device)) {
    await applyCommand(context, call.id, { type: 'return', device, legacy, at });
  }
}

/**
 * Rings a device that came online, or came back, for every call that rings its user; never while it is in a call.
 *
 * @param known - calls that the device has on its screen
 * @see SPEC.md, rules CALL-10, CALL-19, LOSS-8, PRES-11
 */
export async function ringLate(context: CallContext, device: DeviceKey, known: readonly CallId[] = []): Promise<void> {
  const user = userOf(device);
  const { calls } = await context.stores.calls.line(user);
  for (const call of calls) {
    if (call.to.id !== user || known.includes(call.id) || call.status !== 'ringing') continue;
    if (await areInOneScope(context, call.caller.device, device)) await ringIfFree(context, call.id, device);
  }
}

/** Commits on the line that says that the device is in no call: it may dial or answer meanwhile. */
async function ringIfFree(context: CallContext, callId: CallId, device: DeviceKey): Promise<void> {
  const { stores, rules, clock } = context;
  const userId = userOf(device);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const line = await stores.calls.line(userId);
    const call = line.calls.find(({ id }) => id === callId);
    if (call === undefined || line.calls.some((other) => isInCall(other, device))) return;
    const decision = transition(call, { type: 'ring', device, at: clock.now() }, rules);
    if (!decision.ok) return;
    const calls = decision.call === call ? [] : [{ call: decision.call, expectedVersion: call.version }];
    const lines = [{ userId, expectedVersion: line.version }];
    if (!(await stores.calls.commit({ calls, lines }))) continue;
    context.run(decision.effects);
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
  for (const { device, link } of call.status === 'ringing' ? [call.caller, ...call.rung] : [call.caller, call.callee]) {
    const sessions = device === call.caller.device ? callerSessions : calleeSessions;
    const session = sessions.find((each) => each.device === device);
    if (session === undefined) await applyCommand(context, callId, { type: 'leave', device, at });
    else if (session.lostAt !== undefined && link.state !== 'lost') {
      await applyCommand(context, callId, { type: 'lose', device, at });
    }
  }
  for (const { device, lostAt } of call.status === 'ringing' ? calleeSessions : []) {
    if (lostAt === undefined && !devicesOf(call).includes(device)) await ringLate(context, device);
  }
}

async function callsOf(context: CallContext, device: DeviceKey): Promise<LiveCall[]> {
  const { calls } = await context.stores.calls.line(userOf(device));
  return calls.filter((call) => devicesOf(call).includes(device));
}
