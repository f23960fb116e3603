import { join } from 'node:path';
import { Failure } from '../failure.js';
import { fieldsOf } from '../session/fields.js';
import type { Values } from '../settings.js';
import { configFolder } from './config-folder.js';
import { readJsonFile } from './json-file.js';
import { readFileValues } from './read-values.js';
import { SETTINGS } from './setting-table.js';
import { writePrivate } from './write-private.js';

/** A named server. */
export interface Profile extends Partial<Pick<Values, 'path' | 'user'>> {
  url: URL;
}

/** What this person's own file says; nothing when it is not there. */
export interface UserFile {
  path: string;
  values: Partial<Values>;
  profiles: ReadonlyMap<string, Profile>;
}

/**
 * Reads `config.json` in the configuration folder.
 *
 * @throws Failure `usage` that names the file and the key
 */
export function readUserFile(path = userFilePath()): UserFile {
  const { profiles, ...rest } = readJsonFile(path) ?? {};
  return {
    path,
    values: readFileValues(rest, { path, kind: 'user', besides: ['profiles'] }),
    profiles: read(path, profiles),
  };
}

/**
 * Changes `config.json`.
 *
 * @param changes - the profiles as they will be, and the one in use; `undefined` for none
 */
export async function writeUserFile(
  { path }: UserFile,
  changes: { profiles: ReadonlyMap<string, Profile>; profile: string | undefined },
): Promise<void> {
  const { profile: _former, ...kept } = readJsonFile(path) ?? {};
  const profiles = Object.fromEntries(
    [...changes.profiles].map(([name, { url, ...rest }]) => [name, { url: url.href, ...rest }]),
  );
  await writePrivate(path, { ...kept, ...(changes.profile !== undefined && { profile: changes.profile }), profiles });
}

function userFilePath(): string {
  return join(configFolder(), 'config.json');
}

function read(path: string, profiles: unknown): Map<string, Profile> {
  const found = new Map<string, Profile>();
  if (profiles !== undefined && (typeof profiles !== 'object' || Array.isArray(profiles))) {
    throw new Failure(
      'usage',
      `${path}: "profiles" must hold a profile by name, such as {"local": {"url": "http://localhost:3001"}}`,
    );
  }
  for (const [name, profile] of Object.entries(fieldsOf(profiles))) {
    const where = `${path}: profiles: ${JSON.stringify(name)}`;
    if (SETTINGS.profile.read(name) === undefined) throw new Failure('usage', `${where} ${SETTINGS.profile.expects}`);
    const { url, ...rest } = readFileValues(fieldsOf(profile), { path: where, kind: 'profile' });
    if (url === undefined) throw new Failure('usage', `${where} has no "url"`);
    found.set(name, { url, ...rest });
  }
  return found;
}
