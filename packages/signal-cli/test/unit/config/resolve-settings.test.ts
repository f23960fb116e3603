import { expect, it } from 'vitest';
import { readEnvValues, readFileValues } from '../../../src/config/read-values.js';
import { resolveSettings, type SaidWhere } from '../../../src/config/resolve-settings.js';
import { SETTING_NAMES, SETTINGS } from '../../../src/config/setting-table.js';
import type { UserFile } from '../../../src/config/user-file.js';
import type { Values } from '../../../src/settings.js';

const FLAGS = { color: true, input: true };
const PLACES = ['flags', 'env', 'project', 'user'] as const;

const url = (name: string) => new URL(`http://${name}.example`);

function userFile(values: Partial<Values> = {}): UserFile {
  const profiles = new Map([
    ['near', { url: url('near'), user: 'nell', path: '/near' }],
    ['far', { url: url('far') }],
  ]);
  return { path: '/home/config.json', values, profiles };
}

/** The same setting said in those places, each with its own value. */
function said(name: keyof Values, places: readonly string[], values: Record<string, unknown>): SaidWhere {
  const valueAt = (place: string) => (places.includes(place) ? { [name]: values[place] } : {});
  return {
    flags: { ...FLAGS, ...valueAt('flags') },
    env: valueAt('env'),
    project: { path: '/repo/signal-cli.config.json', values: valueAt('project') },
    user: userFile(valueAt('user')),
  };
}

it('[CLI-21] flag, environment, project file, user file, default: the first that says it', () => {
  const values = { flags: 1, env: 2, project: 3, user: 4 };
  const kinds = { flags: 'flag', env: 'env', project: 'project', user: 'user' } as const;
  for (const [rank, place] of PLACES.entries()) {
    const settings = resolveSettings(said('timeout', PLACES.slice(rank), values));
    expect(settings.timeout).toBe(values[place]);
    expect(settings.sources.timeout?.kind).toBe(kinds[place]);
  }
  expect(resolveSettings(said('timeout', [], values)).timeout).toBeUndefined();
});

it('[CLI-21] each setting is decided by itself, and its source is told by name', () => {
  const settings = resolveSettings({
    flags: { ...FLAGS, user: 'alice' },
    env: { url: url('env') },
    project: { path: '/repo/signal-cli.config.json', values: { url: url('project'), path: '/project', user: 'pat' } },
  });
  expect(settings).toMatchObject({ user: 'alice', url: url('env'), path: '/project' });
  expect(settings.sources).toEqual({
    user: { kind: 'flag', name: '--user' },
    url: { kind: 'env', name: 'SIGNAL_CLI_URL' },
    path: { kind: 'project', name: '/repo/signal-cli.config.json' },
  });
});

it('[CLI-21] where nothing is said, the server is this machine', () => {
  const { url: where, path, sources } = resolveSettings({ flags: FLAGS });
  expect({ where: where.href, path }).toEqual({ where: 'http://localhost:3001/', path: '/socket.io' });
  expect(sources.url.kind).toBe('default');
});

it('[CLI-23] a profile counts right after the place that names it', () => {
  const names = { flags: 'near', env: 'near', project: 'near', user: 'near' };
  for (const [rank, place] of PLACES.entries()) {
    const where = said('profile', [place], names);
    const below = PLACES.slice(rank + 1);
    const withOthers = { ...where, env: { ...where.env }, project: where.project };
    if (below.includes('env')) withOthers.env = { url: url('env'), user: 'eve' };
    if (below.includes('project')) {
      withOthers.project = { path: '/repo/signal-cli.config.json', values: { url: url('project'), path: '/project' } };
    }
    const settings = resolveSettings(withOthers);
    expect(settings).toMatchObject({ profile: 'near', url: url('near'), user: 'nell', path: '/near' });
    expect(settings.sources.url).toEqual({ kind: 'profile', name: 'profile near' });
  }
});

it('[CLI-23] a profile counts as a whole: nothing of it when the address comes from a higher place', () => {
  const settings = resolveSettings({
    flags: { ...FLAGS, url: url('flag') },
    env: { profile: 'near' },
    user: userFile(),
  });
  expect(settings).toMatchObject({ url: url('flag'), path: '/socket.io' });
  expect({ user: settings.user, profile: settings.profile }).toEqual({ user: undefined, profile: undefined });
});

it('[CLI-23] --user and --path beside a profile win over what it says', () => {
  const flags = { ...FLAGS, profile: 'near', user: 'alice' };
  expect(resolveSettings({ flags, user: userFile() })).toMatchObject({
    url: url('near'),
    path: '/near',
    user: 'alice',
  });
});

it('[CLI-23] a profile that there is not is wrong usage, and names who says so and what there is', () => {
  const resolve = () => resolveSettings({ flags: FLAGS, env: { profile: 'gone' }, user: userFile() });
  expect(resolve).toThrow('SIGNAL_CLI_PROFILE: no profile is called gone; there are near, far;');
});

const WRONG: { readonly [Name in keyof Values]: string } = {
  url: 'ftp://host',
  path: 'socket.io',
  user: ' ',
  timeout: 'soon',
  seed: '-1',
  output: ' ',
  profile: 'a b',
};

it('[CLI-21] every wrong value names the variable, or the file and the key', () => {
  for (const name of SETTING_NAMES) {
    const { env, expects, files } = SETTINGS[name];
    expect(() => readEnvValues({ [env]: WRONG[name] })).toThrow(`${env}: ${JSON.stringify(WRONG[name])} ${expects}`);
    for (const kind of files) {
      const read = () => readFileValues({ [name]: WRONG[name] }, { path: '/f.json', kind });
      expect(read).toThrow(`/f.json: "${name}": ${JSON.stringify(WRONG[name])} ${expects}`);
    }
  }
});

it.each<{ value: unknown }>([{ value: null }, { value: true }, { value: {} }, { value: ['x'] }])(
  '[CLI-21] $value in a file is no value',
  ({ value }) => {
    for (const name of SETTING_NAMES) {
      for (const kind of SETTINGS[name].files) {
        expect(() => readFileValues({ [name]: value }, { path: '/f.json', kind })).toThrow(`/f.json: "${name}":`);
      }
    }
  },
);

it('[CLI-21] a project file says no output, no token, and nothing that is unknown', () => {
  for (const key of ['output', 'tokenFile', 'token', 'json', 'profiles', '__proto__x', 'constructor']) {
    const read = () => readFileValues({ [key]: 'x' }, { path: '/f.json', kind: 'project' });
    expect(read).toThrow(`/f.json: unknown key "${key}"; the keys are url, path, user, timeout, seed, profile`);
  }
});

it('[CLI-21] an empty variable counts as not set', () => {
  expect(readEnvValues({ SIGNAL_CLI_URL: '', SIGNAL_CLI_USER: 'alice' })).toEqual({ user: 'alice' });
});
