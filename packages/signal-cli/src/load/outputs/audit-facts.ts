import { plural } from '../../format/count.js';
import type { Audit } from '../result.js';
import { formatCount } from './numbers.js';

type BeforeAndAfter = Audit['activeCalls'];

/** What is left that should not be; memory is shown, but not judged: it comes back when it likes. */
export function auditFaults({ orphans, activeCalls, onlineUsers }: Audit): string[] {
  const calls = grown(activeCalls);
  const users = grown(onlineUsers);
  return [
    ...(orphans.length > 0 ? [plural(orphans.length, 'orphaned call')] : []),
    ...(calls > 0 ? [`${plural(calls, 'call')} more than before still active at the server`] : []),
    ...(users > 0 ? [`${plural(users, 'user')} more than before still online at the server`] : []),
  ];
}

/** What was looked at, before and after. */
export function auditRows({ orphans, activeCalls, onlineUsers, serverRssMiB }: Audit): [string, string][] {
  return [
    ['orphaned calls', formatCount(orphans.length)],
    ['active calls', both(activeCalls)],
    ['online users', both(onlineUsers)],
    ['server memory', serverRssMiB === null ? both(null) : `${both(serverRssMiB)} MiB`],
  ];
}

function grown(figures: BeforeAndAfter): number {
  return figures === null ? 0 : figures.after - figures.before;
}

function both(figures: BeforeAndAfter): string {
  return figures === null ? 'not told by the server' : `${formatCount(figures.before)} → ${formatCount(figures.after)}`;
}
