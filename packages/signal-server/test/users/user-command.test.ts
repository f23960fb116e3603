import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { userIdOf } from 'signal-core/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseArguments } from '../../src/arguments.ts';
import { UsageError } from '../../src/usage-error.ts';
import { verifyPassword } from '../../src/users/password-hash.ts';
import { runUserCommand } from '../../src/users/user-command.ts';
import { folder, written } from '../folder.ts';
import { BIN, run } from '../server-process.ts';

/** Runs `signal-server user …` with this on standard input. */
async function user(args: string[], { path, stdin = '' }: { path?: string; stdin?: string }) {
  const { child, ended } = run(['user', ...args], {
    env: path === undefined ? {} : { SIGNAL_USERS: path },
    stdin: true,
  });
  child.stdin?.end(stdin);
  return ended;
}

/** The same, without a process of its own. */
async function done(path: string, args: string[]): Promise<string> {
  const request = parseArguments(['user', ...args]);
  if (request.kind !== 'user') throw new Error('not a user command');
  return runUserCommand(path, request.command);
}

const usersIn = (path: string) => JSON.parse(readFileSync(path, 'utf8')).users;

describe('signal-server user', () => {
  test('[SRV-18] add, list, passwd, rm, and add again: the name keeps its id', async () => {
    const path = join(folder(), 'users.json');
    const id = userIdOf('alice');
    const added = await user(['add', 'alice', '--password-stdin', '--users', path], { stdin: 'correct horse\n' });
    expect(added).toMatchObject({ code: 0, stdout: `added alice (${id}) to ${path}\n`, stderr: '' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const [alice] = usersIn(path);
    expect(alice).toMatchObject({ id, username: 'alice' });

    const listed = await user(['list', '--json'], { path });
    expect(JSON.parse(listed.stdout)).toEqual([{ id, username: 'alice', createdAt: alice.createdAt }]);
    expect((await user(['list'], { path })).stdout).toBe(`${id}  ${alice.createdAt}  alice\n`);

    const changed = await user(['passwd', 'alice', '--password-stdin'], { path, stdin: 'battery staple' });
    expect(changed).toMatchObject({ code: 0, stdout: expect.stringContaining('given out before are good no more') });
    expect(usersIn(path)).toEqual([
      { ...alice, hash: expect.not.stringContaining(alice.hash), changedAt: expect.stringMatching(/Z$/) },
    ]);

    expect(await user(['rm', 'alice'], { path })).toMatchObject({ code: 0 });
    expect(usersIn(path)).toEqual([]);
    await user(['add', 'alice', '--password-stdin'], { path, stdin: 'correct horse' });
    expect(usersIn(path)).toMatchObject([{ id, username: 'alice' }]);
  });

  test('[SRV-18] what cannot be done is one line, exit code 2, and changes nothing', async () => {
    const path = join(folder(), 'users.json');
    const withPassword = (text: string) => ['--password-file', written(text)];
    await done(path, ['add', 'alice', ...withPassword('correct horse')]);
    const before = readFileSync(path, 'utf8');
    for (const [args, message] of [
      [['add', 'alice', ...withPassword('correct horse')], '"alice" is a user already'],
      [['add', 'bob', ...withPassword('\n')], 'the password is empty; nothing was changed'],
      [['add', 'bob', ...withPassword('1234567\n')], '8 characters at least'],
      [['add', 'bob', '--password-file', '/no/such/file'], '/no/such/file: cannot be read (ENOENT)'],
      [['add', 'a\tb', ...withPassword('correct horse')], 'control characters'],
      [['add', 'x'.repeat(65), ...withPassword('correct horse')], 'NAME:'],
      [['passwd', 'bob', ...withPassword('correct horse')], 'there is no user "bob"'],
      [['rm', 'Alice'], 'there is no user "Alice"'],
      [['add'], "missing required argument 'name'"],
      [['drop', 'alice'], "unknown command 'drop'"],
      [['add', 'bob', '--password-stdin', '--password-file', 'x'], 'cannot be used with'],
      [[], 'say add, passwd, rm or list'],
    ] as const) {
      await expect(done(path, [...args])).rejects.toThrow(UsageError);
      await expect(done(path, [...args])).rejects.toThrow(message);
    }
    await expect(done('/no/such/file', ['list'])).rejects.toThrow('there is no users file');
    expect(readFileSync(path, 'utf8')).toBe(before);

    const { code, stdout, stderr } = await user(['add', 'bob'], { path });
    expect(stderr).toMatch(/^signal-server: [^\n]+ use --password-stdin or --password-file FILE\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect((await user(['list'], {})).stderr).toContain('say it with --users FILE or SIGNAL_USERS');
  });

  test('[SRV-18] of a password only the line end at its end is no part of it', async () => {
    const path = join(folder(), 'users.json');
    const file = written('  correct horse \r\n', { name: 'password' });
    await done(path, ['add', 'alice', '--password-file', file]);
    expect(await verifyPassword(usersIn(path)[0].hash, '  correct horse ')).toBe(true);
  });

  test('[SRV-18] the users file may be named in the config file', async () => {
    const path = join(folder(), 'users.json');
    const config = written(JSON.stringify({ auth: 'passwords', users: path }));
    const args = ['add', 'alice', '--password-stdin', '--config', config];
    expect(await user(args, { stdin: 'correct horse' })).toMatchObject({ code: 0 });
    expect(usersIn(path)).toHaveLength(1);
  });

  test.skipIf(!hasScript())('[SRV-18] a terminal is asked twice, and shows nothing of it', async () => {
    const path = join(folder(), 'users.json');
    const type = async (...lines: string[]) => {
      const child = spawn('script', [
        '-qefc',
        `${process.execPath} ${BIN} user add alice --users ${path}`,
        '/dev/null',
      ]);
      onTestFinished(() => {
        child.kill('SIGKILL');
      });
      let screen = '';
      child.stdout.on('data', (chunk) => {
        screen += chunk;
        const asked = [...screen.matchAll(/(New password|The same again): /g)].length;
        if (asked > typed && typed < lines.length) {
          child.stdin.write(lines[typed]);
          typed += 1;
        }
      });
      let typed = 0;
      const [code] = await once(child, 'close');
      return { code, screen };
    };
    const differing = await type('correct horse\r', 'correct house\r');
    expect(differing).toMatchObject({ code: 2, screen: expect.stringContaining('the two passwords differ') });
    const left = await type('\u0003');
    expect(left).toMatchObject({ code: 2, screen: expect.stringContaining('no password was entered') });
    const added = await type('correct horse\r', 'correct horse\r');
    expect(added).toMatchObject({ code: 0, screen: expect.stringContaining('added alice') });
    expect(differing.screen + added.screen).not.toMatch(/horse|house/);
  });
});

function hasScript(): boolean {
  try {
    const about = execFileSync('script', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return about.includes('util-linux');
  } catch {
    return false;
  }
}
