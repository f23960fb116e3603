import type { Summary, Verdict } from '../result.js';

/** What ran is not what the plan says: nobody could run it again. */
export function steered({ status, reasons }: Verdict): Verdict {
  const reason = {
    what: 'somebody changed the rate, paused or ended it while it ran',
    remedy: 'run it again, and leave it alone',
  };
  return { status: status === 'VALID' ? 'DEGRADED' : status, reasons: [...reasons, reason] };
}

/** What the server spent on the calls, where it tells. */
export function serverCpu(before: number | null, after: number | null, placed: number): Summary['server'] {
  if (before === null || after === null) return null;
  const cpuSeconds = Math.max(0, after - before);
  return { cpuSeconds, cpuMsPerCall: placed === 0 ? 0 : (cpuSeconds * 1000) / placed };
}
