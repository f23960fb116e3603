import { cpus, release, totalmem } from 'node:os';
import type { Cores } from './processes/cores.js';

/** One line on what the figures were measured with. */
export function describeMachine(cores: Cores | undefined): string {
  const [first] = cpus();
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  const pinning =
    cores === undefined
      ? 'processes not pinned: ratios only are of use'
      : `server on core ${cores.server}, driver on core ${cores.driver}`;
  return [
    `${first?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, ${gigabytes} GB`,
    `Linux ${release().split('-')[0]}`,
    `Node ${process.version}`,
    new Date().toISOString().slice(0, 10),
    pinning,
  ].join(' · ');
}
