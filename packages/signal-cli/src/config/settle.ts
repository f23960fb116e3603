import { Failure } from '../failure.js';
import type { Flags, Settings } from '../settings.js';
import { readProjectFile } from './project-file.js';
import { readEnvValues } from './read-values.js';
import { resolveSettings } from './resolve-settings.js';
import { readUserFile } from './user-file.js';

/** The settings of this run, or, when something in a file or the environment is wrong, those of the flags alone. */
export interface Settled {
  settings: Settings;
  /** What is wrong. */
  problem?: Failure;
}

/** Reads the files and the environment. */
export function settle(flags: Flags): Settled {
  try {
    const env = readEnvValues(process.env);
    return { settings: resolveSettings({ flags, env, project: readProjectFile(process.cwd()), user: readUserFile() }) };
  } catch (error) {
    // such as that the folder one is in is gone
    const problem = error instanceof Failure ? error : new Failure('internal', String(error), { cause: error });
    const { profile: _unknown, ...rest } = flags;
    return { settings: resolveSettings({ flags: rest }), problem };
  }
}
