import { readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { CliRunner } from './support/cli.js';

const cli = new CliRunner();
afterAll(() => cli.close());

it.each([
  ['an unknown command', ['telephone'], "unknown command 'telephone'"],
  ['an unknown flag', ['users', '--loud'], "unknown option '--loud'"],
  ['an unknown global flag', ['--loud'], "unknown option '--loud'"],
  ['a missing argument', ['call'], "missing required argument 'user'"],
  ['one argument too many', ['users', 'bob'], 'too many arguments'],
  ['a duration without unit', ['call', 'bob', '--hold', '30'], "argument '30' is invalid"],
  ['a duration of a week', ['call', 'bob', '--hold', '168h'], "argument '168h' is invalid"],
  ['a negative delay', ['answer', '--delay=-1s'], "argument '-1s' is invalid"],
  ['a count of none', ['answer', '--count', '0'], 'should be a number from 1 to'],
  ['a count that is no number', ['answer', '--count', 'many'], "argument 'many' is invalid"],
  ['too many candidates', ['call', 'bob', '--ice', '10k'], 'should be a number from 1 to'],
  ['a timeout that is no duration', ['users', '--timeout', 'soon'], "argument 'soon' is invalid"],
  ['an address that is none', ['users', '--url', 'somewhere'], "argument 'somewhere' is invalid"],
  ['an address of another protocol', ['users', '--url', 'ftp://127.0.0.1'], 'http://localhost:3001'],
  ['a path that is none', ['users', '--path', 'socket.io'], 'It should look like /socket.io'],
  ['an empty user', ['watch', '--user', ' '], 'should be a name, and is empty'],
  ['flags that contradict each other', ['answer', '--auto', '--reject'], 'cannot be used with'],
  ['an offer for a real connection', ['call', 'bob', '--offer', 'x', '--rtc'], 'cannot be used with'],
  [
    'an offer file that is not there',
    ['call', 'bob', '--user', 'alice', '--offer', '/no/such/file'],
    'cannot read the offer',
  ],
  ['nobody to act as', ['watch'], 'who are you?'],
  ['nobody to log in as', ['login', '--password-stdin'], 'whose login?'],
  ['no password and no terminal', ['login', 'alice'], 'no terminal to ask for the password'],
  [
    'a password file that is not there',
    ['login', 'alice', '--password-file', '/no/such/file'],
    'cannot read the password',
  ],
])('[CLI-2] %s is one line on stderr and exit code 2', async (_what, args, message) => {
  const { code, stdout, stderr } = await cli.run(args);
  expect(stderr).toContain(message);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

it('[CLI-2] no command at all prints the help on stderr, exit code 2', async () => {
  const { code, stdout, stderr } = await cli.run([]);
  expect(stderr).toContain('Usage: signal-cli');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

it.each([
  [['telephone', '--json'], "unknown command 'telephone'"],
  [['call', '--json'], "missing required argument 'user'"],
  [['--json'], 'no command'],
  [['watch', '--json'], 'who are you?'],
])('[CLI-3] with --json wrong usage is a result record too: %j', async (args, message) => {
  const { code, records, stdout } = await cli.run(args);
  const error = { code: 'usage', message: expect.stringContaining(message) };
  expect(records).toEqual([{ type: 'result', ok: false, exitCode: 2, error }]);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(code).toBe(2);
});

it('[CLI-2] a wrong address in the environment is named as such', async () => {
  const { code, stderr } = await cli.run(['users'], { env: { SIGNAL_CLI_URL: 'somewhere' } });
  expect(stderr).toContain('SIGNAL_CLI_URL: "somewhere" should look like http://localhost:3001');
  expect(code).toBe(2);
});

it('[CLI-1] help leaves with 0 and names every command and global flag', async () => {
  const { code, stdout } = await cli.run(['--help']);
  for (const name of ['login', 'users', 'watch', 'call', 'answer', 'ping']) expect(stdout).toContain(`\n  ${name} `);
  for (const flag of [
    '--url',
    '--path',
    '--user',
    '--token-file',
    '--timeout',
    '--json',
    '--plain',
    '--quiet',
    '--verbose',
    '--no-color',
  ]) {
    expect(stdout).toContain(flag);
  }
  expect(code).toBe(0);
});

it('[CLI-14] the version comes in less than 0.4 s', async () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const startedAt = performance.now();
    const { code, stdout } = await cli.run(['--version']);
    times.push(performance.now() - startedAt);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${manifest.version}\n` });
  }
  // The fastest of them: other processes of this machine only ever add.
  expect(Math.min(...times)).toBeLessThan(400);
});
