import type { AllCalls } from '../calls/all-calls.js';
import { heldHere } from '../calls/call-context.js';
import { isInCalls, takeFromCalls } from '../calls/device-calls.js';
import type { Session } from '../domain/session.js';

/**
 * A device that leaves is out of its calls before its session goes: a node may die in between, and nobody looks for the
 * calls of a device that has no session. Until then it is a lost one, which another node would take over.
 *
 * @param forget - called before the calls of the device hear of it
 * @see SPEC.md, rule NODE-18
 */
export async function leaveAsLost(calls: AllCalls, session: Session, forget: () => void): Promise<void> {
  const { stores, clock, node } = calls;
  const { device, scope, socketId, lostAt = clock.now() } = session;
  const context = calls.in(scope);
  // of one node nothing stays behind, and most devices leave from no call
  if (node === undefined || !(await isInCalls(context, device))) return;
  // the next legacy page of that browser is not the one that left
  const lost: Session = { ...session, ...heldHere(calls, device), legacy: false, lostAt };
  if (!(await stores.presence.swap({ device, session: lost }, socketId))) return;
  forget();
  await takeFromCalls(context, device, 'leave');
}
