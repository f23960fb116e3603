import type { LegacyClient } from './legacy-client.ts';
import { ANSWER, OFFER } from './session-descriptions.ts';

/** What a legacy client sends: its whole user object of the login is in `from`. */
export function callTo(caller: LegacyClient, callee: { id: string }, extra: Record<string, unknown> = {}) {
  return { to: callee.id, from: caller.user, callType: 'video', offer: OFFER, ...extra };
}

/** Places a call that rings at the callee's device; the id is learned there, as a legacy caller does not learn it yet. */
export async function ring(caller: LegacyClient, callee: LegacyClient, extra: Record<string, unknown> = {}) {
  caller.send('call_user', callTo(caller, callee, extra));
  const { callId } = await callee.next('incoming_call', (call) => call.from.id === caller.id);
  await caller.next('call_status', (call) => call.status === 'ringing' && call.callId === callId);
  return callId;
}

/** Answers a ringing call. */
export async function answer(callee: LegacyClient, caller: LegacyClient, callId: string) {
  callee.send('accept_call', { callId, answer: ANSWER });
  return caller.next('call_accepted', (call) => call.callId === callId);
}

/** A call that was placed and answered. */
export async function talk(caller: LegacyClient, callee: LegacyClient, extra: Record<string, unknown> = {}) {
  const callId = await ring(caller, callee, extra);
  await answer(callee, caller, callId);
  return callId;
}

/** Both can still reach each other in this call: the proof that it lives. */
export async function stillTalking(a: LegacyClient, b: LegacyClient, callId: string) {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    const line = `candidate:proof ${Math.random()}`;
    from.send('ice_candidate', { to: to.id, candidate: { candidate: line, sdpMid: '0', sdpMLineIndex: 0 } });
    await to.next('ice_candidate', (got) => got.callId === callId && got.candidate?.candidate === line);
  }
}
