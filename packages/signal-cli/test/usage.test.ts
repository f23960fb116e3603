import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { EXIT } from '../src/exit-codes.js';
import { createProgram } from '../src/program.js';
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
  const silent = { write: () => {} };
  const program = createProgram({ stdout: silent, stderr: silent }, () => {});
  for (const command of program.commands) expect(stdout).toContain(`\n  ${command.name()} `);
  for (const { long } of program.options) expect(stdout).toContain(long);
  expect(code).toBe(0);
});

it.each([['--version'], ['--help'], ['load', '--help'], ['telephone']])(
  '[CLI-14] %s %s loads the command line alone',
  async (...args) => {
    const file = join(cli.configDir, 'loads');
    const recorder = new URL('./support/record-loads.mjs', import.meta.url).href;
    await cli.run(args, { env: { NODE_OPTIONS: `--import ${recorder}`, LOADS_FILE: file } });
    const loads = readFileSync(file, 'utf8').trimEnd().split('\n');
    rmSync(file);
    const packages = loads.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
    expect([...new Set(packages)]).toEqual(['commander']);
    const commands = loads.flatMap((url) => /\/dist\/commands\/(.+)\.js$/.exec(url)?.[1] ?? []);
    expect(commands.filter((name) => !name.startsWith('add-'))).toEqual([]);
  },
);

it('[CLI-14] the version is that of the package, and comes soon', async () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const startedAt = performance.now();
    const { code, stdout } = await cli.run(['--version']);
    times.push(performance.now() - startedAt);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${manifest.version}\n` });
  }
  // 0.2 s on an idle machine; what else the machine does comes on top
  expect(Math.min(...times)).toBeLessThan(1500);
});

it('[CLI-1] every exit code has one meaning; 20 is kept free', () => {
  expect(EXIT).toEqual({
    ok: 0,
    internal: 1,
    usage: 2,
    unreachable: 3,
    unauthorized: 4,
    rejected: 10,
    offline: 11,
    noAnswer: 12,
    failed: 13,
    incomplete: 97,
    invalid: 98,
    thresholds: 99,
    interrupted: 130,
    terminated: 143,
  });
});

it('[CLI-28] the README names every command, global flag and exit code', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const silent = { write: () => {} };
  const program = createProgram({ stdout: silent, stderr: silent }, () => {});
  for (const command of program.commands) expect(readme).toMatch(new RegExp(`^\\| \`${command.name()}[ \`]`, 'm'));
  for (const { long } of program.options) expect(readme).toContain(`\`${long}`);
  for (const code of Object.values(EXIT)) expect(readme).toMatch(new RegExp(`^\\| (\\d+, )*${code}(, \\d+)* \\|`, 'm'));
});
