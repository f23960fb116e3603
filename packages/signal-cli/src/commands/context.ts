import type { Failure } from '../failure.js';
import type { Output } from '../output.js';
import type { Settings } from '../settings.js';

/** What every command gets besides its own options. */
export interface Context {
  settings: Settings;
  /** What is wrong in a file or a variable, for commands that work all the same; the settings are those of the flags. */
  problem?: Failure | undefined;
  output: Output;
  /** Aborted by Ctrl-C and by SIGTERM. */
  signal: AbortSignal;
  /** Says how long it may take to end after Ctrl-C, in milliseconds, where 2 s are not enough. */
  allowToEnd(ms: number): void;
}
