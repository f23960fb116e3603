import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where this person's files are: `$SIGNAL_CLI_CONFIG_DIR`, else `$XDG_CONFIG_HOME/signal-cli`, else `~/.config/signal-cli`. */
export function configFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.SIGNAL_CLI_CONFIG_DIR || join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'signal-cli');
}
