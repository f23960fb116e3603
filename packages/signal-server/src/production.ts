import type { ResolvedConfig } from './config.js';
import { UsageError } from './usage-error.js';

/**
 * Refuses to run the mode `open` in production by default: it lets anybody in, so somebody has to have written it down.
 *
 * @param argv - the arguments that the process was started with, to print the command that works
 * @throws UsageError with that command
 */
export function refuseOpenByDefault(
  { sources }: ResolvedConfig,
  nodeEnv: string | undefined,
  argv: readonly string[],
): void {
  if (nodeEnv !== 'production' || sources.auth !== 'default') return;
  const command = ['npx signal-server', ...argv.map(quote), '--auth open'].join(' ');
  throw new UsageError(
    `NODE_ENV=production and no --auth: the default, open, lets anybody in under any name. Choose --auth passwords or --auth token; if open is meant: ${command}`,
  );
}

function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
