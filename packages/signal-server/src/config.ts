import { isSecret, nameOf, SETTING_NAMES, SETTINGS } from './flags.js';
import { withoutPasswords } from './network-types.js';
import { DEFAULT_CONFIG, type ServerConfig } from './server-config.js';
import { UsageError } from './usage-error.js';

/** What was written where. */
export interface ConfigInput {
  /** Flags by setting, as written. */
  flags?: Readonly<{ [K in keyof ServerConfig]?: string }>;
  /** The environment; an empty variable counts as not set. */
  env?: Readonly<Record<string, string | undefined>>;
  /** The parsed config file. */
  file?: { path: string; values: Readonly<Record<string, unknown>> } | undefined;
}

export interface ResolvedConfig {
  config: ServerConfig;
  /** Where each value comes from: `default`, `file PATH`, `env PORT` or `flag --port`. */
  sources: Record<keyof ServerConfig, string>;
}

/**
 * Decides every setting: defaults < config file < environment < flags. Reads nothing but its argument.
 *
 * @throws UsageError one line that names the flag, variable or file key, the value, and what is expected
 */
export function resolveConfig({ flags = {}, env = {}, file }: ConfigInput): ResolvedConfig {
  if (file) refuseUnknownKeys(file.path, file.values);
  const config: Partial<Record<keyof ServerConfig, unknown>> = {};
  const sources: Partial<Record<keyof ServerConfig, string>> = {};
  for (const name of SETTING_NAMES) {
    const { env: variable, type } = SETTINGS[name];
    const flagText = flags[name];
    const envText = env[variable];
    if (flagText !== undefined) {
      config[name] = type.fromText(flagText) ?? refuse(name, nameOf(name), flagText);
      sources[name] = `flag ${nameOf(name)}`;
    } else if (envText) {
      config[name] = type.fromText(envText) ?? refuse(name, variable, envText);
      sources[name] = `env ${variable}`;
    } else if (file && Object.hasOwn(file.values, name)) {
      config[name] = type.fromJson(file.values[name]) ?? refuse(name, `${file.path}: ${name}`, file.values[name]);
      sources[name] = `file ${file.path}`;
    } else {
      config[name] = DEFAULT_CONFIG[name];
      sources[name] = 'default';
    }
  }
  // Each name got a value that the type of its setting read, or its default.
  return { config: config as ServerConfig, sources: sources as Record<keyof ServerConfig, string> };
}

function refuseUnknownKeys(path: string, values: Readonly<Record<string, unknown>>): void {
  const unknown = Object.keys(values).filter((key) => !Object.hasOwn(SETTINGS, key));
  if (unknown.length === 0) return;
  throw new UsageError(`${path}: unknown key ${JSON.stringify(unknown[0])}; the keys are ${SETTING_NAMES.join(', ')}`);
}

function refuse(name: keyof ServerConfig, where: string, value: unknown): never {
  const shown = isSecret(name) ? '' : `${withoutPasswords(JSON.stringify(value))} `;
  throw new UsageError(`${where}: ${shown}must be ${SETTINGS[name].type.expects}`);
}
