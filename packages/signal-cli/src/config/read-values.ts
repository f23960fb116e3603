import { Failure } from '../failure.js';
import type { Values } from '../settings.js';
import { readSetting, SETTING_NAMES, SETTINGS } from './setting-table.js';

interface Place {
  /** How its errors begin: the path of a file, and where in it. */
  path: string;
  kind: 'project' | 'user' | 'profile';
  /** Keys that somebody else reads. */
  besides?: readonly string[];
}

/**
 * Reads the settings in a file.
 *
 * @throws Failure `usage` that names the file and the key
 */
export function readFileValues(
  values: Readonly<Record<string, unknown>>,
  { path, kind, besides = [] }: Place,
): Partial<Values> {
  const names = SETTING_NAMES.filter((name) => SETTINGS[name].files.includes(kind));
  const keys: readonly string[] = [...names, ...besides];
  const unknown = Object.keys(values).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    throw new Failure('usage', `${path}: unknown key ${JSON.stringify(unknown)}; the keys are ${keys.join(', ')}`);
  }
  return collect(names, (name) => {
    const value = values[name];
    if (value === undefined) return undefined;
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    return { text, where: `${path}: "${name}"`, shown: JSON.stringify(value) };
  });
}

/**
 * Reads the settings in the environment; an empty variable counts as not set.
 *
 * @throws Failure `usage` that names the variable
 */
export function readEnvValues(env: Readonly<NodeJS.ProcessEnv>): Partial<Values> {
  return collect(SETTING_NAMES, (name) => {
    const variable = SETTINGS[name].env;
    const text = env[variable];
    return text ? { text, where: variable, shown: JSON.stringify(text) } : undefined;
  });
}

function collect(
  names: readonly (keyof Values)[],
  find: (name: keyof Values) => { text: string | undefined; where: string; shown: string } | undefined,
): Partial<Values> {
  const found: Partial<Record<keyof Values, unknown>> = {};
  for (const name of names) {
    const said = find(name);
    if (said === undefined) continue;
    const { text, where, shown } = said;
    const value = text === undefined ? undefined : readSetting(name, text, where);
    if (value === undefined) throw new Failure('usage', `${where}: ${shown} ${SETTINGS[name].expects}`);
    found[name] = value;
  }
  // Each was read by the row of the table that has its name.
  return found as Partial<Values>;
}
