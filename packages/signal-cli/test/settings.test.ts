import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTestServer, type TestServer } from 'signal-core/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CliRunner, lastOf } from './support/cli.js';
import { deadUrl, startForeignServer } from './support/foreign-server.js';

let cli: CliRunner;
let server: TestServer;
let repo: string;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => {
  cli = new CliRunner();
  repo = realpathSync(mkdtempSync(join(tmpdir(), 'signal-cli-repo-')));
  mkdirSync(join(repo, '.git'));
  mkdirSync(join(repo, 'deep', 'er'), { recursive: true });
});
afterEach(async () => {
  await cli.close();
  rmSync(repo, { recursive: true });
});

const project = (values: unknown, ...folders: string[]) => {
  const path = join(repo, ...folders, 'signal-cli.config.json');
  writeFileSync(path, typeof values === 'string' ? values : JSON.stringify(values));
  return path;
};
const user = (values: unknown) => {
  const path = join(cli.configDir, 'config.json');
  writeFileSync(path, JSON.stringify(values));
  return path;
};
const keepLogin = (url: string, token = 'the-token') =>
  writeFileSync(
    join(cli.configDir, 'credentials.json'),
    JSON.stringify({ [`${url}/`]: { user: { id: 'u1', username: 'alice' }, token } }),
    { mode: 0o600 },
  );
const config = () => JSON.parse(readFileSync(join(cli.configDir, 'config.json'), 'utf8'));

describe('settings', () => {
  it('[CLI-21] the nearest project file counts, from a folder below too, as far as the repository goes', async () => {
    project({ url: server.url, user: 'alice' });
    const cwd = join(repo, 'deep', 'er');
    const found = await cli.run(['ping', '--count', '1'], { cwd });
    expect(found).toMatchObject({ code: 0, stderr: '' });
    const nearer = project({ url: await deadUrl(), user: 'alice' }, 'deep');
    const dead = await cli.run(['whoami', '--json'], { cwd });
    expect(lastOf(dead, 'result')).toMatchObject({ from: nearer });
    mkdirSync(join(cwd, '.git'));
    expect((await cli.run(['whoami'], { cwd })).stderr).toContain('nobody, at http://localhost:3001/ (default)');
  });

  it('[CLI-21] a flag wins over the environment, that over the project, that over the profile of the user', async () => {
    project({ url: 'http://project.example' });
    user({ profile: 'mine', profiles: { mine: { url: 'http://mine.example' } } });
    const whereOf = async (args: string[], env: Record<string, string>, cwd: string) =>
      (await cli.run(['whoami', '--json', '--user', 'a', ...args], { env, cwd })).records.at(-1)?.url;
    const env = { SIGNAL_CLI_URL: 'http://env.example' };
    expect(
      await Promise.all([
        whereOf(['--url', 'http://flag.example'], env, repo),
        whereOf([], env, repo),
        whereOf([], {}, repo),
        whereOf([], {}, tmpdir()),
      ]),
    ).toEqual(['http://flag.example/', 'http://env.example/', 'http://project.example/', 'http://mine.example/']);
  });

  it('[CLI-21] what is wrong in a file names file and key, exit code 2, also when it would not count', async () => {
    const cases: [unknown, string][] = [
      [{ url: 'somewhere' }, '"url": "somewhere" should look like http://localhost:3001'],
      [{ timeout: 30 }, '"timeout": 30 should look like 500ms, 30s, 5m or 1h'],
      [{ tokenFile: '/home/alice/key' }, 'unknown key "tokenFile"; the keys are'],
      ['{"url"', 'is no valid JSON'],
      ['[]', 'must hold a JSON object'],
    ];
    for (const [values, message] of cases) {
      const path = project(values);
      const { code, stdout, stderr } = await cli.run(['users', '--url', server.url, '--timeout', '1s'], { cwd: repo });
      expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(path) });
      expect(stderr).toContain(message);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('[CLI-21] what is wrong in the file of the user is named, too', async () => {
    const cases: [unknown, string][] = [
      [{ url: 'http://a.example' }, 'unknown key "url"; the keys are timeout, seed, output, profile, profiles'],
      [{ profiles: [] }, '"profiles" must hold a profile by name'],
      [{ profiles: { a: { user: 'alice' } } }, 'profiles: "a" has no "url"'],
      [{ profiles: { a: { url: 'a' } } }, 'profiles: "a": "url": "a" should look like'],
      [{ profiles: { a: { url: 'http://a', token: 't' } } }, 'profiles: "a": unknown key "token"'],
      [{ profiles: { 'a b': { url: 'http://a' } } }, 'profiles: "a b" should be the name of a profile'],
    ];
    for (const [values, message] of cases) {
      const path = user(values);
      const { code, stderr } = await cli.run(['users', '--url', server.url]);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`${path}: ${message}`) });
    }
  });

  it('[CLI-1] a folder that is gone is exit code 1, and no stack', async () => {
    const script = 'cd deep/er && rm -r ../er && exec "$0" "$1" users';
    const launcher = fileURLToPath(new URL('../bin/signal-cli.js', import.meta.url));
    const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, launcher], {
      cwd: repo,
      encoding: 'utf8',
    });
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining('ENOENT')]);
    expect(status).toBe(1);
  });

  it('[CLI-3] a wrong file is a result record, with --json', async () => {
    project({ seed: 'many' });
    const { code, records } = await cli.run(['users', '--json'], { cwd: repo });
    const error = { code: 'usage', message: expect.stringContaining('"seed": "many" should be a number') };
    expect({ code, records }).toEqual({ code: 2, records: [{ type: 'result', ok: false, exitCode: 2, error }] });
  });
});

describe('what a project file may not do', () => {
  let shown: (string | undefined)[];
  let evil: Awaited<ReturnType<typeof startForeignServer>>;
  beforeEach(async () => {
    shown = [];
    evil = await startForeignServer(({ headers, method }, response) => {
      shown.push(headers.authorization ?? (method === 'POST' ? 'a password' : undefined));
      response.end('[]');
    });
    project({ url: evil.url });
  });
  afterEach(() => evil.stop());

  it('[CLI-22] a login is shown to no other server than the one it was made at', async () => {
    keepLogin(server.url);
    expect((await cli.run(['users'], { cwd: repo })).code).toBe(0);
    expect(shown).toEqual([undefined]);
  });

  it('[CLI-22] a token that was brought along is not shown to a server that a project file names', async () => {
    const token = `e30.${Buffer.from('{"sub":"u1"}').toString('base64url')}.x`;
    const file = join(repo, 'token');
    writeFileSync(file, token);
    for (const [args, env] of [
      [[], { SIGNAL_CLI_TOKEN: token }],
      [['--token-file', file], {}],
    ] as const) {
      for (const command of [['users'], ['ping'], ['call', 'bob'], ['whoami']]) {
        const { code, stdout, stderr } = await cli.run([...command, ...args], { cwd: repo, env });
        expect(stdout + stderr).toContain('signal-cli.config.json names the server; to show');
        expect(stdout + stderr).toContain(`name it yourself: --url ${evil.url}/`);
        expect(code).toBe(2);
      }
    }
    expect(shown.filter((credentials) => credentials !== undefined)).toEqual([]);
    await cli.run(['users', '--token-file', file, '--url', evil.url], { cwd: repo });
    expect(shown.at(-1)).toBe(`Bearer ${token}`);
  });

  it('[CLI-22] a password neither, until somebody names the server', async () => {
    const refused = await cli.run(['login', 'alice', '--password-stdin'], { cwd: repo, stdin: 'secret' });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('to log in there, name it yourself') });
    expect(shown).toEqual([]);
    await cli.run(['login', 'alice', '--password-stdin', '--url', evil.url], { cwd: repo, stdin: 'secret' });
    expect(shown).toEqual(['a password']);
  });
});

describe('profiles', () => {
  it('[CLI-23] one is made, chosen, shown, changed and removed', async () => {
    const made = await cli.run(['profile', 'set', 'here', '--url', server.url, '--user', 'alice']);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(config()).toEqual({ profiles: { here: { url: `${server.url}/`, user: 'alice' } } });
    expect((await cli.run(['ping', '--count', '1', '--profile', 'here'])).code).toBe(0);
    expect((await cli.run(['profile', 'use', 'here'])).code).toBe(0);
    expect((await cli.run(['ping', '--count', '1'])).code).toBe(0);
    await cli.run(['profile', 'set', 'here', '--user', 'bob']);
    await cli.run(['profile', 'set', 'there', '--url', 'http://there.example', '--path', '/there']);
    const listed = await cli.run(['profile', 'list', '--json']);
    expect(listed.records).toEqual([
      { name: 'here', url: `${server.url}/`, user: 'bob', inUse: true },
      { name: 'there', url: 'http://there.example/', path: '/there', inUse: false },
    ]);
    expect((await cli.run(['profile', 'list'])).stdout).toMatch(/^\* {2}here {3}http.* {2}bob\n {3}there {2}http/);
    keepLogin('http://there.example');
    const [shown] = (await cli.run(['profile', 'show', 'there', '--json'])).records;
    expect(shown).toEqual({ name: 'there', url: 'http://there.example/', path: '/there', login: 'alice' });
    expect((await cli.run(['profile', 'show'])).stdout).toContain('here');
    await cli.run(['profile', 'rm', 'here']);
    expect(config()).toEqual({ profiles: { there: { url: 'http://there.example/', path: '/there' } } });
    await cli.run(['profile', 'use', 'there']);
    await cli.run(['profile', 'use']);
    expect(config()).not.toHaveProperty('profile');
  });

  it('[CLI-23] the file is for this person alone, and what else it says stays', async () => {
    const path = user({ timeout: '3s' });
    await cli.run(['profile', 'set', 'here', '--url', server.url]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(config().timeout).toBe('3s');
  });

  it('[CLI-23] each user of one server has a login of its own', async () => {
    for (const name of ['alice', 'bob']) {
      await cli.run(['profile', 'set', name, '--url', server.url, '--user', name]);
      await cli.run(['login', '--password-stdin', '--profile', name], { stdin: 'pw' });
    }
    const who = async (...args: string[]) => lastOf(await cli.run(['whoami', '--json', ...args]), 'result');
    expect(await who('--profile', 'alice')).toMatchObject({ user: { username: 'alice' }, from: 'login' });
    expect(await who('--profile', 'bob')).toMatchObject({ user: { username: 'bob' }, from: 'login' });
    expect(await who('--url', server.url)).toMatchObject({ user: { username: 'bob' }, from: 'login' });
  });

  it('[CLI-23] one that there is not, or has no address, is wrong usage; where it is chosen, profiles still work', async () => {
    user({ profile: 'gone' });
    const users = await cli.run(['users']);
    expect(users).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no profile is called gone; there are none'),
    });
    for (const args of [
      ['show', 'gone'],
      ['use', 'gone'],
      ['rm', 'gone'],
      ['set', 'new'],
      ['set', 'a b'],
    ]) {
      expect((await cli.run(['profile', ...args])).code).toBe(2);
    }
    // the address of the environment is not the word of whoever makes a profile
    const env = { SIGNAL_CLI_URL: server.url };
    expect((await cli.run(['profile', 'set', 'new'], { env })).stderr).toContain('where is new? add --url URL');
    expect((await cli.run(['profile', 'use'])).code).toBe(0);
    expect((await cli.run(['profile', 'show'])).stderr).toContain('no profile is in use');
  });
});
