import { isInCall, isParty, type LiveCall } from '../../src/domain/call.ts';
import type { CallId, UserId } from '../../src/domain/ids.ts';
import type { Answer, Phone } from './phone.ts';
import type { World } from './world.ts';

/** What must become of a `call_user` when nothing else happens: oneself, replaced, glare, busy, offline, in this order. */
export function expectedOfCall(world: World, phone: Phone, to: UserId): Answer {
  if (phone.user === to) return 'forbidden';
  const calls = world.truth.live().filter((call) => !isReplacedBy(call, phone));
  const callsOf = (user: UserId) => calls.filter((call) => isParty(call, user));
  if (callsOf(phone.user).some((call) => call.status === 'ringing' && call.from.id === to)) return 'glare';
  const isFull = (user: UserId) => callsOf(user).length >= world.maxCallsPerUser;
  if (isFull(phone.user) || isFull(to)) return 'busy';
  const online = world.phones.filter((other) => other.user === to && world.isOnline(other));
  if (online.length === 0) return 'user_offline';
  return online.every(({ device }) => calls.some((call) => isInCall(call, device))) ? 'busy' : 'ok';
}

function isReplacedBy(call: LiveCall, { device }: Phone): boolean {
  if (call.status === 'ringing') return call.caller.device === device;
  return [call.caller, call.callee].some((end) => end.device === device && end.link.state === 'kept');
}

/** What must become of an answer, a refusal or a hang-up when nothing else happens. */
export function expectedOf(command: 'accept' | 'reject' | 'end', phone: Phone, callId: CallId, world: World): Answer {
  const call = world.truth.get(callId, world.now);
  const { device, user } = phone;
  if (call === undefined || !isParty(call, user)) return 'call_not_found';
  if (call.status === 'ringing') {
    const isRung = call.rung.some((end) => end.device === device);
    return isRung || (command === 'end' && call.caller.device === device) ? 'ok' : 'invalid_state';
  }
  const calleeDevice = call.status === 'active' ? call.callee.device : call.calleeDevice;
  if (command === 'accept') return calleeDevice === device ? 'ok' : 'invalid_state';
  if (call.status === 'active') return command === 'end' && isInCall(call, device) ? 'ok' : 'invalid_state';
  const own = command === 'reject' ? ['declined', 'busy'] : ['declined', 'cancelled', 'hangup'];
  return call.endedBy === device && own.includes(call.reason) ? 'ok' : 'invalid_state';
}
