import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { startTestServer, type TestServer } from 'signal-core/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createProgram } from '../src/program.js';
import { CliRunner } from './support/cli.js';
import { deadUrl } from './support/foreign-server.js';

const LAUNCHER = fileURLToPath(new URL('../bin/signal-cli.js', import.meta.url));

const cli = new CliRunner();
let server: TestServer;
let nowhere: string;
beforeAll(async () => {
  [server, nowhere] = await Promise.all([startTestServer(), deadUrl()]);
});
afterAll(async () => {
  await cli.close();
  await server.close();
});

/** Every command, so that it ends by itself: what goes on for ever finds no server. */
const COMMANDS: Record<string, { args?: string[]; at?: 'nowhere'; code: number | number[] }> = {
  login: { args: ['alice', '--password-stdin'], code: 2 },
  logout: { code: 0 },
  whoami: { code: 0 },
  'profile list': { code: 0 },
  'profile show': { code: 2 },
  'profile set': { args: ['here'], code: 0 },
  'profile use': { code: 0 },
  'profile rm': { args: ['gone'], code: 2 },
  users: { code: 0 },
  watch: { at: 'nowhere', code: 3 },
  call: { args: ['bob'], code: 11 },
  answer: { at: 'nowhere', code: 3 },
  ping: { args: ['--count', '1'], code: 0 },
  load: {
    args: ['--rate', '5/s', '--duration', '400ms', '--hold', '50ms', '--answer-delay', '10ms'],
    // a machine that is busy with other tests is no good generator
    code: [0, 98],
  },
  'report show': { args: ['/no/such/run'], code: 2 },
  'report diff': { args: ['/no/such/run', '/no/such/run'], code: 2 },
  'report html': { args: ['/no/such/run'], code: 2 },
  doctor: { code: 0 },
  'completion bash': { code: 0 },
  'completion zsh': { code: 0 },
  'completion fish': { code: 0 },
};

it('[CLI-4] every command there is, is tried below', () => {
  const silent = { write: () => {} };
  const leaves = (command: Command, path: string[]): string[] =>
    command.commands.length === 0
      ? [path.join(' ')]
      : command.commands.flatMap((child) => leaves(child, [...path, child.name()]));
  const names = leaves(
    createProgram({ stdout: silent, stderr: silent }, () => {}),
    [],
  );
  const tried = Object.keys(COMMANDS).map((name) => name.replace(/^completion .*/, 'completion'));
  expect([...new Set(tried)].sort()).toEqual(names.sort());
});

it.each(Object.entries(COMMANDS))(
  '[CLI-4] %s, piped and with nothing to read, writes no escape byte and ends',
  async (name, { args = [], at, code }) => {
    // the environment of a terminal, which this is not
    const env = { TERM: 'xterm-256color', COLORTERM: 'truecolor', FORCE_COLOR: '3' };
    const url = at === 'nowhere' ? nowhere : server.url;
    const line = [...name.split(' '), ...args, '--user', 'alice', '--url', url];
    const plain = await cli.run(line, { env });
    expect(plain.stdout + plain.stderr).not.toContain('\x1b');
    expect([code].flat(), plain.stderr).toContain(plain.code);
    expect(plain.stderr).not.toMatch(/^\s+at /m);
  },
);

/** Runs it on a terminal, types that once it asks, and returns all that the terminal got. */
async function onTerminal(args: string[], { env = {}, typed }: { env?: Record<string, string>; typed?: string } = {}) {
  const command = [process.execPath, LAUNCHER, ...args].map((word) => `'${word}'`).join(' ');
  const inherited = Object.entries(process.env).filter(([name]) => !/^SIGNAL_CLI_|COLOR|^CI$/.test(name));
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    env: { ...Object.fromEntries(inherited), TERM: 'xterm-256color', SIGNAL_CLI_CONFIG_DIR: cli.configDir, ...env },
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let screen = '';
  let isTyped = false;
  child.stdout.on('data', (chunk) => {
    screen += chunk;
    if (typed === undefined || isTyped || !screen.includes('Password: ')) return;
    isTyped = true;
    child.stdin.write(typed);
  });
  const [code] = await once(child, 'close');
  return { code, screen };
}

describe.skipIf(!hasScript())('on a terminal', () => {
  it('[CLI-4] there is colour, unless it is turned off', async () => {
    const args = ['doctor', '--url', nowhere];
    expect((await onTerminal(args)).screen).toContain('\x1b[31m');
    for (const [more, env] of [
      [['--no-color'], {}],
      [['--plain'], {}],
      [[], { NO_COLOR: '1' }],
      [[], { TERM: 'dumb' }],
    ] as const) {
      const { screen, code } = await onTerminal([...args, ...more], { env });
      expect(screen).toContain('FAIL  tcp');
      expect(screen).not.toContain('\x1b');
      expect(code).toBe(3);
    }
  });

  it('[CLI-25] login asks for the password, and with --no-input for nothing', async () => {
    const args = ['login', 'alice', '--url', server.url];
    const asked = await onTerminal(args, { typed: 'a secret\r' });
    expect(asked).toMatchObject({ code: 0, screen: expect.stringContaining('logged in to') });
    expect(asked.screen).not.toContain('a secret');
    const silent = await onTerminal([...args, '--no-input']);
    expect(silent).toMatchObject({ code: 2, screen: expect.stringContaining('--no-input asks for no password') });
    expect(silent.screen).not.toContain('Password:');
    const nameless = await onTerminal(['login', '--no-input', '--url', server.url]);
    expect(nameless).toMatchObject({ code: 2, screen: expect.stringContaining('whose login?') });
  });
});

it('[CLI-4] the folder of a run says nothing to a terminal either', async () => {
  const folder = join(cli.configDir, 'run');
  const { code } = await cli.run([
    ...['load', '--rate', '5/s', '--duration', '300ms', '--hold', '10ms', '--answer-delay', '10ms'],
    ...['-o', folder, '--url', server.url],
  ]);
  expect([0, 98]).toContain(code);
  const env = { FORCE_COLOR: '3', TERM: 'xterm-256color' };
  for (const args of [
    ['show', folder],
    ['diff', folder, folder],
    ['html', folder, '-o', join(folder, 'again.html')],
  ]) {
    const result = await cli.run(['report', ...args], { env });
    expect(result.stdout + result.stderr).not.toContain('\x1b');
    expect(result.code).toBe(0);
  }
});

/** That of util-linux; that of BSD takes other arguments. */
function hasScript(): boolean {
  try {
    const about = execFileSync('script', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return about.includes('util-linux');
  } catch {
    return false;
  }
}
