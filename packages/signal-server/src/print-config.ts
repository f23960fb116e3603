import type { ResolvedConfig } from './config.js';
import { SETTING_NAMES } from './flags.js';

/** The answer to `--print-config`: JSON, every setting with its value and where that comes from. */
export function printableConfig({ config, sources }: ResolvedConfig): string {
  const entries = SETTING_NAMES.map((name) => [name, { value: config[name] ?? null, source: sources[name] }]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}
