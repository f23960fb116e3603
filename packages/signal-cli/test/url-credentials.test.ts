import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CliOptions, CliRunner } from './support/cli.js';

const SECRET = 's3cret';
const ADDRESSES = [
  `http://user:${SECRET}@127.0.0.1:1`,
  `http://${SECRET}@127.0.0.1:1`,
  // none of these is an address, and all of them hold one's password
  `http://user:${SECRET}/of@mine@127.0.0.1:1`,
  `user:${SECRET}@127.0.0.1`,
  `http://user:${SECRET}%40127.0.0.1`,
];

let cli: CliRunner;
let repo: string;
beforeEach(() => {
  cli = new CliRunner();
  repo = mkdtempSync(join(tmpdir(), 'signal-cli-repo-'));
  mkdirSync(join(repo, '.git'));
});
afterEach(async () => {
  await cli.close();
  rmSync(repo, { recursive: true });
});

/** Refused in one line, of people and of programs, that does not tell the secret, with nothing written anywhere. */
async function expectRefused(args: string[], options: CliOptions, where: string): Promise<void> {
  const written = () => [readdirSync(repo), readdirSync(cli.configDir)];
  const before = written();
  for (const json of [[], ['--json']]) {
    const { code, stdout, stderr, records } = await cli.run([...args, ...json], { cwd: repo, ...options });
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringContaining(`${where}: an address may not hold a user name or a password; log in with:`),
    ]);
    expect(records).toMatchObject(json.map(() => ({ type: 'result', exitCode: 2, error: { code: 'usage' } })));
    expect(stdout + stderr).not.toContain(SECRET);
    expect(code).toBe(2);
  }
  expect(written()).toEqual(before);
}

it.each(ADDRESSES)('[CLI-29] %s is refused by flag and in the environment', async (url) => {
  await expectRefused(['load', '--url', url, '-o', 'out'], {}, '--url');
  await expectRefused(['users'], { env: { SIGNAL_CLI_URL: url } }, 'SIGNAL_CLI_URL');
});

it('[CLI-29] the second address of a load run is no other', async () => {
  const [url = ''] = ADDRESSES;
  await expectRefused(['load', '--url', 'http://127.0.0.1:1', '--url', url, '-o', 'out'], {}, '--url');
});

it.each(ADDRESSES)('[CLI-29] %s is refused in the file of a project, and in a profile', async (url) => {
  const project = join(repo, 'signal-cli.config.json');
  writeFileSync(project, JSON.stringify({ url }));
  await expectRefused(['load', '-o', 'out'], {}, `${project}: "url"`);
  rmSync(project);
  const user = join(cli.configDir, 'config.json');
  writeFileSync(user, JSON.stringify({ profiles: { mine: { url } } }));
  await expectRefused(['load', '--profile', 'mine', '-o', 'out'], {}, `${user}: profiles: "mine": "url"`);
});

it('[CLI-29] no profile is made of it', async () => {
  const [url = ''] = ADDRESSES;
  await expectRefused(['profile', 'set', 'mine', '--url', url], {}, '--url');
});

it('[CLI-29] an @ in the path of an address is none', async () => {
  const { code } = await cli.run(['profile', 'set', 'mine', '--url', 'http://127.0.0.1:1/@team'], { cwd: repo });
  expect(code).toBe(0);
});
