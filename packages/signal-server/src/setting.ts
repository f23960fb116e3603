import type { ServerConfig } from './server-config.js';
import type { ValueType } from './value-type.js';

/** One setting: where it can be written, how it is read, what it is for. The key in the table is its config file key. */
export interface Setting<T> {
  /** A secret has none: everybody on the machine sees the arguments of a process. */
  flag?: `--${string}`;
  env: string;
  type: ValueType<T>;
  placeholder: string;
  help: string;
  /** What it means not to set it, where that is more than nothing. */
  absent?: string;
}

export type SettingsOf<K extends keyof ServerConfig> = {
  readonly [Name in K]: Setting<NonNullable<ServerConfig[Name]>>;
};
