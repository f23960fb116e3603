import type { DeviceKey } from '../../domain/ids.js';
import type { Session } from '../../domain/session.js';
import { fromRecord } from './record.js';

/** A session as the script keeps it in the list of its user: what it must look at, and the record. */
type Stored = [device: DeviceKey, socketId: string, node: string, record: string];

/**
 * @param stored - the sessions of a user, in the order of joining
 * @returns those that can be read: what another release wrote, or nobody, is not there
 */
export function readSessions(stored: string): Session[] {
  try {
    // only the script writes here; it leaves no empty list
    return (JSON.parse(stored) as Stored[]).flatMap(([, , , record]) => readSession(record) ?? []);
  } catch {
    return [];
  }
}

/** @returns `undefined` for what cannot be read */
export function readSession(record: string): Session | undefined {
  try {
    const session = fromRecord(record);
    return isSession(session) ? session : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it has what everybody who follows presence looks at: only `swap` writes here, and only sessions. */
function isSession(value: unknown): value is Session {
  const { device, user, socketId, features, scope } = Object(value);
  const texts = [device, socketId, scope, Object(user).id, Object(user).username];
  return texts.every((text) => typeof text === 'string') && device.includes('/') && Array.isArray(features);
}
