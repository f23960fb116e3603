import type { NodeId } from '../domain/ids.js';
import type { Session } from '../domain/session.js';
import type { Logger } from '../log.js';

/** How many devices are taken over at a time. */
const AT_ONCE = 50;

interface Parts {
  /** Of a node, as the store has them. */
  sessionsOf(node: NodeId): Promise<Session[]>;
  /** Holds a device as lost, unless another connection speaks for it since. */
  takeOver(session: Session): Promise<boolean>;
  log: Logger;
}

/**
 * Takes over the devices of a dead node: they are lost, and this node waits for them.
 *
 * @returns whether nothing of it is left
 * @see SPEC.md, rule NODE-6
 */
export async function bury(dead: NodeId, parts: Parts): Promise<boolean> {
  const sessions = await parts.sessionsOf(dead);
  let isAll = true;
  for (let start = 0; start < sessions.length; start += AT_ONCE) {
    const page = sessions.slice(start, start + AT_ONCE);
    const taken = await Promise.allSettled(page.map((session) => parts.takeOver(session)));
    for (const each of taken) {
      if (each.status === 'fulfilled') continue;
      if (isAll) parts.log.warn({ err: each.reason, dead }, 'a device of a dead node could not be taken over');
      isAll = false;
    }
  }
  return isAll;
}
