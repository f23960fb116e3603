import { inspect } from 'node:util';
import { contradictionIn } from './contradiction.js';
import { isSecret, SETTING_NAMES, SETTINGS } from './flags.js';
import { withoutPasswords } from './network-types.js';
import { DEFAULT_CONFIG, type ServerConfig } from './server-config.js';

/** Settings given in code: only `auth` must be said, so that nobody is open by accident. */
export type GivenOptions = Pick<ServerConfig, 'auth'> & Partial<Omit<ServerConfig, 'auth'>>;

/**
 * Options given in code, checked as a config file would be, with the defaults for what is absent.
 *
 * @throws TypeError naming the option and its value, but that of a secret
 */
export function completeOptions(options: GivenOptions): ServerConfig {
  if (options.auth === undefined) throw new TypeError("auth is required: auth: 'open' lets anybody in under any name");
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(SETTINGS, name))
      throw new TypeError(`${name} is no option; the options are ${SETTING_NAMES.join(', ')}`);
  }
  const entries = SETTING_NAMES.map((name) => {
    const value = options[name];
    if (value === undefined) return [name, DEFAULT_CONFIG[name]];
    const { type } = SETTINGS[name];
    if (type.fromJson(value) === undefined) {
      throw new TypeError(
        `${name}: ${isSecret(name) ? '' : `${withoutPasswords(inspect(value))} `}must be ${type.expects}`,
      );
    }
    return [name, value];
  });
  // Each name has the value that its setting's type read, or its default.
  const config = Object.fromEntries(entries) as ServerConfig;
  const isProduction = process.env.NODE_ENV === 'production';
  const contradiction = contradictionIn(config, { isProduction, nameOf: (name) => name });
  if (contradiction !== undefined) throw new TypeError(contradiction);
  return config;
}
