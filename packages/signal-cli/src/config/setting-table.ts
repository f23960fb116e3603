import { Failure } from '../failure.js';
import { parseCount } from '../format/count.js';
import { parseDuration } from '../format/duration.js';
import type { Values } from '../settings.js';

/** One setting: where else than by flag it can be said, and how it is read. Its key in files is that of the table. */
export interface Setting<T> {
  env: `SIGNAL_CLI_${string}`;
  /** Completes "it …". */
  expects: string;
  /** Reads a flag, a variable, or a text in a file; `undefined` when it is not such a value. */
  read(text: string): T | undefined;
  /** Which files may say it: the user's own says by profile where a server is. */
  files: readonly ('project' | 'user' | 'profile')[];
}

const HIGHEST_SEED = 2_147_483_647;

/** @see SPEC.md, rule CLI-21 */
export const SETTINGS: { readonly [Name in keyof Values]: Setting<Values[Name]> } = {
  url: {
    env: 'SIGNAL_CLI_URL',
    expects: 'should look like http://localhost:3001',
    read: serverUrl,
    files: ['project', 'profile'],
  },
  path: {
    env: 'SIGNAL_CLI_PATH',
    expects: 'should look like /socket.io',
    read: matching(/^(\/[\w.~-]+)+$/),
    files: ['project', 'profile'],
  },
  user: {
    env: 'SIGNAL_CLI_USER',
    expects: 'should be a name, and is empty',
    read: matching(/\S/),
    files: ['project', 'profile'],
  },
  timeout: {
    env: 'SIGNAL_CLI_TIMEOUT',
    expects: 'should look like 500ms, 30s, 5m or 1h',
    read: parseDuration,
    files: ['project', 'user'],
  },
  seed: {
    env: 'SIGNAL_CLI_SEED',
    expects: `should be a number from 0 to ${HIGHEST_SEED}`,
    read: (text) => parseCount(text, 0, HIGHEST_SEED),
    files: ['project', 'user'],
  },
  output: {
    env: 'SIGNAL_CLI_OUTPUT',
    expects: 'should be the path of a folder, and is empty',
    read: matching(/\S/),
    files: ['user'],
  },
  profile: {
    env: 'SIGNAL_CLI_PROFILE',
    expects: 'should be the name of a profile: letters, digits, dots and dashes, at most 40',
    read: matching(/^[\w.-]{1,40}$/),
    files: ['project', 'user'],
  },
};

// The type of the table says that these are its keys.
export const SETTING_NAMES = Object.keys(SETTINGS) as (keyof Values)[];

/**
 * Reads one setting.
 *
 * @param where - where it was said: `--url`, a variable, a file and the key in it
 * @returns `undefined` when it is not such a value, and may be shown
 * @throws Failure `usage` when it holds a password: that is not shown, not even to complain about it
 * @see SPEC.md, rule CLI-29
 */
export function readSetting(name: keyof Values, text: string, where: string): unknown {
  const value = SETTINGS[name].read(text);
  if (value !== undefined || name !== 'url' || !/@|%40/.test(text)) return value;
  throw new Failure(
    'usage',
    `${where}: an address may not hold a user name or a password; log in with: signal-cli login NAME, or show a token, with --token-file FILE or SIGNAL_CLI_TOKEN`,
  );
}

function serverUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  // a password in an address would be shown wherever the address is
  return isHttp && url.username === '' && url.password === '' ? url : undefined;
}

function matching(form: RegExp): (text: string) => string | undefined {
  return (text) => (form.test(text) ? text : undefined);
}
