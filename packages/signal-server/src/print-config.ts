import type { ResolvedConfig } from './config.js';
import { isSecret, SETTING_NAMES } from './flags.js';
import { withoutPasswords } from './network-types.js';
import type { ServerConfig } from './server-config.js';

/** The answer to `--print-config`: JSON, every setting with its value and where that comes from; of secrets only that. */
export function printableConfig({ config, sources }: ResolvedConfig): string {
  const entries = SETTING_NAMES.map((name) => [name, { value: shownValue(config, name), source: sources[name] }]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

function shownValue(config: ServerConfig, name: keyof ServerConfig): unknown {
  const value = config[name] ?? null;
  if (isSecret(name) && value !== null) return '(set)';
  return typeof value === 'string' ? withoutPasswords(value) : value;
}
