import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The cores that server and driver are pinned to; `undefined` where they cannot be pinned. */
export interface Cores {
  server: number;
  driver: number;
}

/** Two of the cores that this process may use, if `taskset` is there and there are two. */
export function chooseCores(): Cores | undefined {
  if (spawnSync('taskset', ['--version']).status !== 0) return undefined;
  const [server, driver] = parseCores(readFileSync('/proc/self/status', 'utf8'));
  return server === undefined || driver === undefined ? undefined : { server, driver };
}

/** Reads `Cpus_allowed_list: 0-2,5` of /proc/self/status. */
function parseCores(status: string): number[] {
  const list = /^Cpus_allowed_list:\s*(.+)$/m.exec(status)?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
