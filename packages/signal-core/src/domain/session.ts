import type { User } from './call.js';
import type { Feature } from './feature.js';
import { type DeviceKey, deviceKey, type NodeId } from './ids.js';

/** A device's authenticated presence: it outlives a lost connection. */
export interface Session {
  device: DeviceKey;
  user: User;
  /** The connection that speaks for the device, or did last. */
  socketId: string;
  /** Legacy devices have no memory of their own id; the user agent is all that tells them apart. */
  legacy: boolean;
  userAgent: string;
  features: readonly Feature[];
  /** Users of different scopes do not know of each other. */
  scope: string;
  /** Who holds the device, where there are several nodes. */
  node?: NodeId;
  /** When the connection was lost, in epoch milliseconds; absent while it is there. */
  lostAt?: number;
}

/** A device, and who holds it. */
export type Place = Pick<Session, 'device' | 'node'>;

/** No more of it than that. */
export function placeOf({ device, node }: Place): Place {
  return node === undefined ? { device } : { device, node };
}

/** A connection that wants to speak for a device. */
export interface Arrival {
  user: User;
  socketId: string;
  /** The device's own id, or one made up for it. */
  deviceId: string;
  legacy: boolean;
  userAgent: string;
  features: readonly Feature[];
  scope: string;
  /** The same, when it was credentials that said it: then it counts while the user is offline, too. */
  grantedScope?: string;
}

/**
 * Which session an arriving connection takes over: that of its own device, or, for a legacy device,
 * the user's only lost legacy session with the same user agent.
 *
 * @see SPEC.md, rules JOIN-7 and LOSS-3
 */
export function sessionToTakeOver(arrival: Arrival, sessions: Session[]): Session | undefined {
  const own = deviceKey(arrival.user.id, arrival.deviceId);
  const same = sessions.find((session) => session.device === own);
  if (same !== undefined || !arrival.legacy) return same;
  const lost = sessions.filter(
    (session) => session.legacy && session.lostAt !== undefined && session.userAgent === arrival.userAgent,
  );
  return lost.length === 1 ? lost[0] : undefined;
}

/**
 * Whether one more connection may speak for the user, on a device of its own. Lost devices hold no place.
 *
 * @see SPEC.md, rule LIMIT-8
 */
export function hasRoomFor(device: DeviceKey, sessions: Session[], max: number): boolean {
  return sessions.filter((session) => session.lostAt === undefined && session.device !== device).length < max;
}

/**
 * Whether a connection is one of those that may speak for the user: of several that came at once the first.
 *
 * @param sessions - in the order of joining
 */
export function hasPlace(device: DeviceKey, sessions: Session[], max: number): boolean {
  const there = sessions.filter(({ lostAt }) => lostAt === undefined);
  return there.findIndex((session) => session.device === device) < max;
}

/** A lost device is shown as online for a while: most come back at once. */
export function isOnline(session: Session, now: number, presenceGraceMs: number): boolean {
  return session.lostAt === undefined || now < session.lostAt + presenceGraceMs;
}
