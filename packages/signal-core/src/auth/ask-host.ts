import { inTime } from '../in-time.js';
import type { AuthParts } from './auth-scheme.js';
import { unavailable } from './refusals.js';

/**
 * Asks the host about somebody, and survives whatever it does.
 *
 * @param ms - how long it may take, in milliseconds
 * @param source - the function, for the log
 * @throws SignalingError `unavailable` when it threw, or was too slow
 */
export async function askHost<T>(
  { clock, log }: Pick<AuthParts, 'clock' | 'log'>,
  { source, ms }: { source: string; ms: number },
  ask: () => T | Promise<T>,
): Promise<T> {
  try {
    return await inTime(clock, ms, ask);
  } catch (error) {
    log.error({ source, error: whereOf(error) }, 'a hook of the host failed');
    throw unavailable();
  }
}

/** What an error says, and what hangs on it, may hold the credentials that it is about; where it arose does not. */
function whereOf(error: unknown): { name: string; at: string[] } {
  try {
    if (!(error instanceof Error)) return { name: typeof error, at: [] };
    const { name, message, stack } = error;
    const frames = String(stack).replace(String(message), '').split('\n');
    return { name: String(name), at: frames.filter((line) => /^ {4}at /.test(line)).map((line) => line.trim()) };
  } catch {
    // its members may be anything, and may throw themselves
    return { name: typeof error, at: [] };
  }
}
