import { Help } from 'commander';
import { isSecret, SETTING_NAMES, SETTINGS } from './flags.js';
import type { ServerConfig } from './server-config.js';
import type { Setting } from './setting.js';

/** What `--help` says of a setting: what it is for, where else it is written, what it is when it is not. */
export function settingHelp(name: keyof ServerConfig, defaults: ServerConfig): string {
  // the settings of the table differ in the type of their value only
  const { help, flag, env, absent }: Omit<Setting<unknown>, 'type'> = SETTINGS[name];
  const value = absent ?? defaultText(name, defaults[name]);
  const where = flag === undefined ? `file key ${name}` : `env ${env}, file key ${name}`;
  return `${help} [${where}${value === undefined ? '' : `, default ${value}`}]`;
}

/** The variables that hold secrets, which are no flags, as a list. */
export function secretsHelp(defaults: ServerConfig, helpWidth: number): string {
  const help = new Help();
  help.helpWidth = helpWidth;
  const secrets = SETTING_NAMES.filter(isSecret);
  const widest = Math.max(...secrets.map((name) => SETTINGS[name].env.length));
  const items = secrets.map((name) => help.formatItem(SETTINGS[name].env, widest, settingHelp(name, defaults), help));
  return `\nSecrets, as variables or in the config file only:\n${items.join('\n')}\n`;
}

function defaultText(name: string, value: unknown): string | undefined {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined;
  return name.endsWith('Ms') ? shortDuration(Number(value) / 1000) : String(value);
}

function shortDuration(seconds: number): string {
  if (seconds >= 3600 && seconds % 3600 === 0) return `${seconds / 3600}h`;
  return `${seconds}s`;
}
