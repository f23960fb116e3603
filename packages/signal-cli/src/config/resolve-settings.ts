import { Failure } from '../failure.js';
import type { Flags, Settings, Source, Values } from '../settings.js';
import type { ProjectFile } from './project-file.js';
import { SETTING_NAMES, SETTINGS } from './setting-table.js';
import type { UserFile } from './user-file.js';

/** What was said where. */
export interface SaidWhere {
  flags: Flags;
  env?: Partial<Values>;
  project?: ProjectFile | undefined;
  user?: UserFile;
}

interface Layer {
  kind: Source['kind'];
  values: Partial<Values>;
  nameOf(name: keyof Values): string;
}

export const DEFAULT_URL = 'http://localhost:3001';
const DEFAULTS: Partial<Values> = { url: new URL(DEFAULT_URL), path: '/socket.io' };

/**
 * Decides every setting: flags > environment > project file > the user's file > defaults. A profile ranks right after
 * the place that names it, and counts as a whole: not when the address comes from a higher one.
 *
 * @throws Failure `usage` when there is no such profile
 * @see SPEC.md, rule CLI-21
 */
export function resolveSettings({ flags, env = {}, project, user }: SaidWhere): Settings {
  const said: Layer[] = [
    { kind: 'flag', values: flags, nameOf: (name) => `--${name}` },
    { kind: 'env', values: env, nameOf: (name) => SETTINGS[name].env },
    { kind: 'project', values: project?.values ?? {}, nameOf: () => project?.path ?? '' },
    { kind: 'user', values: user?.values ?? {}, nameOf: () => user?.path ?? '' },
    { kind: 'default', values: DEFAULTS, nameOf: () => 'default' },
  ];
  const layers = withProfile(said, user);
  const values: Partial<Record<keyof Values, unknown>> = {};
  const sources: { [Name in keyof Values]?: Source } = {};
  for (const name of SETTING_NAMES) {
    const layer = layers.find(({ values: { [name]: value } }) => value !== undefined);
    if (layer === undefined) continue;
    values[name] = layer.values[name];
    sources[name] = { kind: layer.kind, name: layer.nameOf(name) };
  }
  const isInUse = layers.length > said.length;
  const { profile, ...rest } = values;
  // Each value is of the layer's key of that name, and the defaults have the two that must be there.
  return { ...flags, ...rest, ...(isInUse && { profile }), sources } as Settings;
}

/** The profile that is named, after the layer that names it; none of it when an address comes before. */
function withProfile(layers: readonly Layer[], user: UserFile | undefined): readonly Layer[] {
  const rank = layers.findIndex(({ values }) => values.profile !== undefined);
  const naming = layers[rank];
  const name = naming?.values.profile;
  if (naming === undefined || name === undefined) return layers;
  const profile = user?.profiles.get(name);
  if (profile === undefined) throw unknownProfile(name, naming.nameOf('profile'), [...(user?.profiles.keys() ?? [])]);
  const before = layers.slice(0, rank + 1);
  if (before.some(({ values }) => values.url !== undefined)) return layers;
  return [...before, { kind: 'profile', values: profile, nameOf: () => `profile ${name}` }, ...layers.slice(rank + 1)];
}

/** Somebody named a profile that there is not. */
export function unknownProfile(name: string, where: string, known: readonly string[]): Failure {
  const there = known.length === 0 ? 'there are none' : `there are ${known.join(', ')}`;
  return new Failure(
    'usage',
    `${where}: no profile is called ${name}; ${there}; make it with: signal-cli profile set ${name} --url URL`,
  );
}
