import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SignalingClient } from 'signal-core/client';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Summary } from '../src/load/result.ts';
import { CliRunner } from './support/cli.ts';
import { ServerProcess } from './support/server-process.ts';

const LAUNCHER = fileURLToPath(new URL('../bin/signal-cli.js', import.meta.url));
const FAULTY_SCREEN = fileURLToPath(new URL('support/faulty-screen.mjs', import.meta.url));
const ENTER = '\r';
const CTRL_C = '\x03';
const ENTER_ALTERNATE = '\x1b[?1049h';
const LEAVE_ALTERNATE = '\x1b[?1049l';

let server: ServerProcess;
const cli = new CliRunner();

beforeAll(async () => {
  server = await ServerProcess.start();
});

afterAll(async () => {
  await cli.close();
  await server.kill();
});

/** The program on a terminal of 80 columns and 24 rows; what the terminal is like afterwards is its last line. */
class Terminal {
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  #text = '';
  #read = 0;

  constructor(args: string[], env: Record<string, string> = {}, script = LAUNCHER) {
    const program = [process.execPath, script, ...args].map((word) => `'${word}'`).join(' ');
    const command = `stty cols 80 rows 24; tty; ${program}; echo "code $?"; stty -a | grep -o -- '-\\?icanon'`;
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^SIGNAL_CLI_|COLOR|^CI$|^GITHUB_STEP_SUMMARY$/.test(name),
    );
    this.#child = spawn('script', ['-qefc', command, '/dev/null'], {
      env: { ...Object.fromEntries(inherited), TERM: 'xterm-256color', SIGNAL_CLI_CONFIG_DIR: cli.configDir, ...env },
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (chunk) => {
      this.#text += chunk;
    });
    this.ended = once(this.#child, 'close').then(() => this.#text);
    onTestFinished(() => {
      this.#child.kill('SIGKILL');
    });
  }

  /** Waits until something of that kind is drawn that was not there when a key was pressed last. */
  async shows(wanted: string | RegExp): Promise<void> {
    const fits = () => {
      const drawn = this.#text.slice(this.#read);
      return typeof wanted === 'string' ? drawn.includes(wanted) : wanted.test(drawn);
    };
    await expect.poll(fits, { timeout: 10_000, message: `shows ${wanted}` }).toBe(true);
  }

  /** As when somebody drags the corner of the window. */
  resize(columns: number): void {
    const [device = ''] = /\/dev\/pts\/\d+/.exec(this.#text) ?? [];
    this.#read = this.#text.length;
    execFileSync('stty', ['-F', device, 'cols', String(columns)]);
  }

  press(keys: string): void {
    this.#read = this.#text.length;
    this.#child.stdin?.write(keys);
  }
}

/** What is left of the terminal: the main screen, a cursor, lines as they are typed. */
function expectRestored(text: string, code: number): void {
  expect(text.lastIndexOf(LEAVE_ALTERNATE)).toBeGreaterThan(text.lastIndexOf(ENTER_ALTERNATE));
  expect(text.lastIndexOf('\x1b[?25h')).toBeGreaterThan(text.lastIndexOf('\x1b[?25l'));
  const [, found, mode] = /code (\d+)\s+(-?icanon)\s*$/.exec(text) ?? [];
  expect([Number(found), mode]).toEqual([code, 'icanon']);
}

async function person(name: string): Promise<SignalingClient> {
  const client = new SignalingClient({ url: server.url, user: { id: name, username: name }, presence: 'none' });
  await client.connect();
  onTestFinished(() => client.close());
  return client;
}

const open = (name: string) => new Terminal(['--url', server.url, '--user', name]);

describe.skipIf(!hasScript())('the dashboard on a terminal', () => {
  test('[DASH-5] [DASH-4] a call by keys: filter, Enter, ladder, hang up, and q leaves the terminal as it was', async () => {
    const robot = cli.start(['answer', '--auto', '--user', 'robot', '--url', server.url, '--count', '1', '--json']);
    await robot.says({ type: 'ready' });
    const terminal = open('me');
    await terminal.shows('● online   robot');
    terminal.press('/rob');
    await terminal.shows('/rob▏');
    terminal.press(ENTER);
    await terminal.shows('/rob  (Esc: all)');
    terminal.press(ENTER);
    await terminal.shows('◉ in call  robot');
    terminal.press('3');
    await terminal.shows('◀─ call_accepted');
    await terminal.shows('6 candidates, end of candidates');
    terminal.press('h');
    await terminal.shows('call with robot: hung up');
    const [call] = (await robot.ended).records.filter(({ type }) => type === 'call');
    expect(call).toMatchObject({ outcome: 'completed', media: { verified: true } });
    terminal.press('q');
    expectRestored(await terminal.ended, 0);
  });

  test('[DASH-5] [DASH-4] a call that comes is shown and taken, and Ctrl-C hangs it up and leaves', async () => {
    const terminal = open('callee');
    await terminal.shows('● joined');
    const caller = cli.start(['call', 'callee', '--hold', '1m', '--user', 'caller', '--url', server.url, '--json']);
    await terminal.shows(/caller calls: video · \d+ s left/);
    terminal.press('a');
    await terminal.shows('in call for');
    await caller.hearsEveryCandidate();
    terminal.press(CTRL_C);
    expectRestored(await terminal.ended, 130);
    expect(await caller.ended).toMatchObject({ code: 0 });
  });

  test('[DASH-5] r rejects', async () => {
    const terminal = open('unwilling');
    await terminal.shows('● joined');
    const caller = cli.start(['call', 'unwilling', '--user', 'caller2', '--url', server.url, '--json']);
    await terminal.shows('caller2 calls');
    terminal.press('r');
    expect(await caller.ended).toMatchObject({ code: 10 });
    terminal.press('q');
    expectRestored(await terminal.ended, 0);
  });

  test('[DASH-4] a server that is gone for good leaves the terminal as it was, and says so', async () => {
    const doomed = await ServerProcess.start();
    const terminal = new Terminal(['--url', doomed.url, '--user', 'me', '--timeout', '1s']);
    await terminal.shows('● joined');
    await doomed.kill();
    await terminal.shows('◌ reconnecting');
    const text = await terminal.ended;
    expectRestored(text, 3);
    expect(text.slice(text.lastIndexOf(LEAVE_ALTERNATE))).toContain('signal-cli:');
  });

  test('[DASH-4] q waits no longer than 2 s for a server that says nothing any more', async () => {
    const frozen = await ServerProcess.start();
    onTestFinished(() => frozen.kill());
    const robot = cli.start(['answer', '--auto', '--user', 'robot', '--url', frozen.url, '--count', '1', '--json']);
    await robot.says({ type: 'ready' });
    const terminal = new Terminal(['--url', frozen.url, '--user', 'me']);
    await terminal.shows('› ● online   robot');
    terminal.press(ENTER);
    await terminal.shows('◉ in call  robot');
    frozen.freeze();
    const startedAt = performance.now();
    terminal.press('q');
    expectRestored(await terminal.ended, 0);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  test.each([
    ['draw', 'told: cannot draw'],
    ['key', 'cannot hear'],
  ])('[DASH-4] a fault (%s) leaves the terminal as it was, and the code is 1', async (fault, said) => {
    const terminal = new Terminal([fault], {}, FAULTY_SCREEN);
    await terminal.shows('all is well');
    terminal.press('x');
    const text = await terminal.ended;
    expectRestored(text, 1);
    expect(text.slice(text.lastIndexOf(LEAVE_ALTERNATE))).toContain(said);
  });

  test('[DASH-2] a narrower terminal gets narrower frames at once', async () => {
    const terminal = open('a-user-with-a-name-that-takes-most-of-sixty-columns');
    await terminal.shows('columns at 127.0.0.1:');
    terminal.resize(60);
    await terminal.shows('columns at 127.…');
    terminal.press('q');
    expectRestored(await terminal.ended, 0);
  });

  test('[DASH-2] NO_COLOR and --no-color take colour away', async () => {
    for (const terminal of [
      new Terminal(['--url', server.url, '--user', 'plain'], { NO_COLOR: '1' }),
      new Terminal(['--url', server.url, '--user', 'plain', '--no-color']),
    ]) {
      await terminal.shows('● joined');
      terminal.press('q');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the code of a colour begins with one
      expect(await terminal.ended).not.toMatch(/\x1b\[[\d;]*m/);
    }
  });

  test('[DASH-3] who comes and goes is shown', async () => {
    const terminal = open('watcher');
    await terminal.shows('● joined');
    const client = await person('visitor');
    await terminal.shows('● online   visitor');
    terminal.press('2');
    terminal.press('1');
    await client.close();
    await terminal.shows('○ offline  visitor');
    terminal.press('q');
    expectRestored(await terminal.ended, 0);
  });

  test.each([
    ['q', 'q'],
    ['Ctrl-C', CTRL_C],
  ])('[LOAD-14] [DASH-4] a load run has a screen, %s ends it, and then there is the summary', async (_name, key) => {
    const flags = ['--rate', '5/s', '--hold', '100ms', '--duration', '1m'];
    const terminal = new Terminal(['--url', server.url, 'load', ...flags]);
    await terminal.shows('completed');
    terminal.press(key);
    const text = await terminal.ended;
    const [, code, said] = /(?:VALID|DEGRADED|INVALID) \(exit (\d+)[\s\S]*code (\d+)/.exec(text) ?? [];
    expect(said).toBe(code);
    if (key === CTRL_C) expect(code).toBe('130');
    expectRestored(text, Number(code));
    expect(text.slice(text.lastIndexOf(LEAVE_ALTERNATE))).toContain(`(exit ${code}`);
  });

  test('[LOAD-15] what keys did to a load run is in its summary, by the moment, and in its verdict', async () => {
    const kept = join(cli.configDir, 'steered');
    const flags = ['--rate', '5/s', '--hold', '100ms', '--duration', '1m', '--users', '60', '-o', kept];
    const terminal = new Terminal(['--url', server.url, 'load', ...flags]);
    await terminal.shows('completed');
    for (const [key, note] of [
      ['*', 'the rate is 2.00 times'],
      ['p', 'PAUSED'],
      ['p', 'calls are placed again'],
      ['-', 'the rate is 1.82 times'],
    ] as const) {
      terminal.press(key);
      await terminal.shows(note);
    }
    terminal.press('q');
    const text = await terminal.ended;
    const { changes, verdict, ranMs }: Summary = JSON.parse(readFileSync(join(kept, 'summary.json'), 'utf8'));
    expect(changes).toMatchObject([
      { change: 'rate', factor: 2 },
      { change: 'paused' },
      { change: 'resumed' },
      { change: 'rate', factor: expect.closeTo(1.818, 3) },
      { change: 'ended' },
    ]);
    const moments = changes.map(({ atMs }) => atMs);
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    expect(moments[0]).toBeGreaterThan(0);
    expect(moments.at(-1)).toBeLessThanOrEqual(ranMs);
    expect(verdict.status).not.toBe('VALID');
    expect(text).toMatch(/by hand +[\d.]+ m?s: 2\.00 times the calls planned/);
    expect(text).toContain('changed by hand');
  });

  test('[DASH-1] with --json, in CI and on a dumb terminal there is none', async () => {
    for (const terminal of [
      new Terminal(['--json', '--url', server.url]),
      new Terminal([], { CI: 'true' }),
      new Terminal([], { TERM: 'dumb' }),
      new Terminal(['nonsense']),
    ]) {
      const text = await terminal.ended;
      expect(text).not.toContain('\x1b');
      expect(text).toContain('code 2');
    }
  });
});

test('[DASH-1] without a terminal no command is wrong usage', async () => {
  const { code, stdout, stderr } = await cli.run(['--url', server.url]);
  expect(code).toBe(2);
  expect(stdout + stderr).not.toContain('\x1b');
});

/** That of util-linux; that of BSD takes other arguments. */
function hasScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
}
