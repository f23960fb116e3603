import type { DeviceKey, NodeId } from '../domain/ids.js';
import type { Session } from '../domain/session.js';

interface Parts {
  /** What this node is called now. */
  self(): NodeId;
  /** Of a node, as the store has them. */
  sessionsOf(node: NodeId): Promise<Session[]>;
  /** The devices that are held here. */
  held(): Session[];
  /** Whether the connection of the session is there. */
  isOpen(session: Session): boolean;
  /** Whether it is waited for the device to come back. */
  isAwaited(device: DeviceKey): boolean;
  /** Writes a session that the store may have forgotten. */
  remind(session: Session): Promise<void>;
  /** @returns `false` when another connection speaks for the device */
  lose(session: Session): Promise<boolean>;
}

/** How many sessions are looked at at a time. */
const AT_ONCE = 50;

/**
 * The store was away, and may have forgotten sessions, or not have heard that they were lost: it is told again.
 *
 * @see SPEC.md, rule NODE-10
 */
export async function keepSessions({ self, sessionsOf, held, isOpen, isAwaited, remind, lose }: Parts): Promise<void> {
  await inPages(held(), remind);
  const stored = await sessionsOf(self());
  const isGone = (session: Session) => !isOpen(session) && !isAwaited(session.device);
  await inPages(stored.filter(isGone), lose);
}

async function inPages(sessions: Session[], treat: (session: Session) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < sessions.length; start += AT_ONCE) {
    await Promise.all(sessions.slice(start, start + AT_ONCE).map(treat));
  }
}
