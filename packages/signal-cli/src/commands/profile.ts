import { unknownProfile } from '../config/resolve-settings.js';
import { SETTINGS } from '../config/setting-table.js';
import { type Profile, readUserFile, type UserFile, writeUserFile } from '../config/user-file.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { formatTable } from '../format/table.js';
import { loadLogin } from '../session/credentials.js';
import type { Settings, Values } from '../settings.js';
import type { Context } from './context.js';

/** Lists the named servers. */
export async function listProfiles({ settings, output }: Context): Promise<number> {
  const file = readUserFile();
  const inUse = nameInUse(settings, file);
  const rows = [...file.profiles].map(([name, profile]) => {
    output.json && output.show({ ...plain(name, profile), inUse: name === inUse }, '');
    return [name === inUse ? '*' : ' ', name, profile.url.href, profile.user ?? '', profile.path ?? ''];
  });
  if (output.json) return EXIT.ok;
  if (rows.length === 0) output.note('no profiles; make one with: signal-cli profile set NAME --url URL');
  else output.show(rows, formatTable(rows));
  return EXIT.ok;
}

/** Shows one, and whose login it has. */
export async function showProfile({ settings, output }: Context, asked: string | undefined): Promise<number> {
  const file = readUserFile();
  const name = asked ?? nameInUse(settings, file);
  if (name === undefined)
    throw new Failure('usage', 'no profile is in use; choose one with: signal-cli profile use NAME');
  const profile = existing(file, name);
  const login = (await loadLogin(profile.url, profile.user))?.user.username ?? null;
  const rows = Object.entries({ ...plain(name, profile), login: login ?? 'none' });
  output.show({ ...plain(name, profile), login }, formatTable(rows));
  return EXIT.ok;
}

/** Makes one, or changes what is said of it. */
export async function setProfile({ settings, output }: Context, name: string): Promise<number> {
  if (SETTINGS.profile.read(name) === undefined) throw new Failure('usage', `${name} ${SETTINGS.profile.expects}`);
  const file = readUserFile();
  const { path, user, url } = { ...file.profiles.get(name), ...typed(settings) };
  if (url === undefined) throw new Failure('usage', `where is ${name}? add --url URL`);
  const profile: Profile = { url, ...(path !== undefined && { path }), ...(user !== undefined && { user }) };
  const profiles = new Map([...file.profiles, [name, profile] as const]);
  await writeUserFile(file, { profiles, profile: file.values.profile });
  return done(
    { output },
    plain(name, profile),
    `${name} is ${url.href}; use it with --profile ${name}, or always: signal-cli profile use ${name}`,
  );
}

/** Uses one from now on, or none. */
export async function chooseProfile({ output }: Context, name: string | undefined): Promise<number> {
  const file = readUserFile();
  const profile = name === undefined ? undefined : existing(file, name);
  await writeUserFile(file, { profiles: file.profiles, profile: name });
  if (name === undefined || profile === undefined) return done({ output }, { name: null }, 'no profile is in use');
  return done({ output }, plain(name, profile), `${name} is in use: ${profile.url.href}`);
}

/** Removes one. */
export async function removeProfile({ output }: Context, name: string): Promise<number> {
  const file = readUserFile();
  existing(file, name);
  const profiles = new Map([...file.profiles].filter(([other]) => other !== name));
  await writeUserFile(file, { profiles, profile: file.values.profile === name ? undefined : file.values.profile });
  return done({ output }, { name }, `${name} is removed`);
}

function done({ output }: Pick<Context, 'output'>, record: object, text: string): number {
  output.show({ type: 'result', ok: true, exitCode: EXIT.ok, ...record }, text);
  return EXIT.ok;
}

/** What was said by flag for this profile; the environment and files say what they say of themselves. */
function typed(settings: Settings): Partial<Profile> {
  const isTyped = (name: keyof Values) => settings.sources[name]?.kind === 'flag';
  const { url, path, user } = settings;
  return {
    ...(isTyped('url') && { url }),
    ...(isTyped('path') && { path }),
    ...(isTyped('user') && user !== undefined && { user }),
  };
}

function existing({ path, profiles }: UserFile, name: string): Profile {
  const profile = profiles.get(name);
  if (profile === undefined) throw unknownProfile(name, path, [...profiles.keys()]);
  return profile;
}

function nameInUse({ profile }: Settings, { values }: UserFile): string | undefined {
  return profile ?? values.profile;
}

function plain(name: string, { url, ...rest }: Profile): Record<string, string> {
  return { name, url: url.href, ...rest };
}
