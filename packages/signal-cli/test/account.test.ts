import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CliRunner, lastOf } from './support/cli.js';

const URL = 'http://signal.example/';
const OTHER = 'http://other.example/';

let cli: CliRunner;
beforeEach(() => {
  cli = new CliRunner();
});
afterEach(() => cli.close());

const path = () => join(cli.configDir, 'credentials.json');
const stored = () => JSON.parse(readFileSync(path(), 'utf8'));

const NOW = Math.floor(Date.now() / 1000);

function jwt(name: string, secondsFromNow?: number): string {
  const exp = secondsFromNow === undefined ? undefined : NOW + secondsFromNow;
  return `e30.${Buffer.from(JSON.stringify({ sub: `id-${name}`, name, exp })).toString('base64url')}.signature`;
}
const login = (name: string, token = jwt(name, 3600)) => ({ user: { id: `id-${name}`, username: name }, token });
const keep = (logins: object) => writeFileSync(path(), JSON.stringify(logins), { mode: 0o600 });
const at = (...args: string[]) => cli.run([...args, '--url', URL]);

it('[CLI-24] whoami says who, where, by what and until when, without asking the server', async () => {
  keep({ [URL]: login('alice') });
  const { code, records } = await at('whoami', '--json');
  expect({ code, records }).toEqual({
    code: 0,
    records: [
      {
        type: 'result',
        ok: true,
        exitCode: 0,
        url: URL,
        user: { id: 'id-alice', username: 'alice' },
        from: 'login',
        expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      },
    ],
  });
  const { stdout } = await at('whoami');
  expect(stdout).toMatch(
    /^alice \(id-alice\), at http:\/\/signal\.example\/ \(--url\), by the login kept here, until 2/,
  );
  expect(stdout).not.toContain('signature');
});

it('[CLI-24] a token of a file, or of the environment, is named as such', async () => {
  keep({ [URL]: login('alice') });
  const file = join(cli.configDir, 'bob.jwt');
  writeFileSync(file, jwt('bob'));
  const byFile = lastOf(await at('whoami', '--json', '--token-file', file), 'result');
  expect(byFile).toMatchObject({ user: { username: 'bob' }, from: '--token-file', expiresAt: null });
  const env = { SIGNAL_CLI_TOKEN: jwt('carol') };
  const byEnv = lastOf(await cli.run(['whoami', '--json', '--url', URL], { env }), 'result');
  expect(byEnv).toMatchObject({ user: { username: 'carol' }, from: 'SIGNAL_CLI_TOKEN' });
});

it('[CLI-24] somebody who is only named is told apart from a login', async () => {
  keep({ [URL]: login('alice') });
  const named = await at('whoami', '--user', 'bob');
  expect(named).toMatchObject({ code: 0, stdout: expect.stringContaining('bob, at') });
  expect(named.stdout).toContain('named by --user; no login is kept');
});

it('[CLI-24] nobody, and what has lapsed, are exit code 4', async () => {
  expect(await at('whoami')).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('nobody, at') });
  keep({ [URL]: login('alice', jwt('alice', -1)), [OTHER]: login('bob') });
  const lapsed = await at('whoami');
  expect(lapsed).toMatchObject({ code: 4, stdout: '' });
  expect(lapsed.stderr).toContain('that has lapsed; log in again with: signal-cli login alice');
  expect(lapsed.stderr).not.toContain('signature');
});

it('[CLI-24] logout forgets this server, and no other', async () => {
  keep({ [URL]: { ...login('alice'), others: [login('bob')] }, [OTHER]: login('carol') });
  const { code, stdout } = await at('logout');
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('forgot the login of alice, bob at') });
  expect(stored()).toEqual({ [OTHER]: login('carol') });
  expect((await at('whoami')).code).toBe(4);
});

it('[CLI-24] logout --user forgets that one, and who logged in before counts again', async () => {
  const [alice, bob] = [login('alice'), login('bob')];
  keep({ [URL]: { ...bob, others: [alice] } });
  const result = lastOf(await at('logout', '--user', 'bob', '--json'), 'result');
  expect(result).toMatchObject({ ok: true, forgotten: ['bob'] });
  expect(stored()).toEqual({ [URL]: alice });
});

it('[CLI-24] logout of nobody is done, and leaves no file', async () => {
  const { code, stdout } = await at('logout');
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'nobody was logged in to http://signal.example\n' });
  expect(() => stored()).toThrow('ENOENT');
});
