import type { Output } from '../output.js';
import type { Settings } from '../settings.js';

/** What every command gets besides its own options. */
export interface Context {
  settings: Settings;
  output: Output;
  /** Aborted by Ctrl-C and by SIGTERM. */
  signal: AbortSignal;
}
