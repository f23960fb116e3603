import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { userIdOf } from 'signal-core/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CliRunner, lastOf } from './support/cli.js';
import { startForeignServer } from './support/foreign-server.js';
import { ServerProcess } from './support/server-process.js';

const SERVER = fileURLToPath(new URL('../../signal-server/bin/signal-server.js', import.meta.url));
const SECRET = 'a-secret-of-32-bytes-for-the-test';

let cli: CliRunner;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signal-cli-credentials-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  cli = new CliRunner();
});
afterEach(() => cli.close());

/** A JWT signed with a shared secret (RFC 7519, HS256). */
function jwt(claims: Record<string, unknown>): string {
  const encoded = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return [...encoded, createHmac('sha256', SECRET).update(encoded.join('.')).digest('base64url')].join('.');
}

const seconds = (fromNow: number) => Math.floor(Date.now() / 1000) + fromNow;

function kept(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

describe('a server that checks passwords', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    const users = join(folder, 'users.json');
    for (const name of ['alice', 'bob']) {
      const args = [SERVER, 'user', 'add', name, '--users', users, '--password-stdin'];
      execFileSync(process.execPath, args, { input: `password of ${name}\n` });
    }
    const args = ['--auth', 'passwords', '--users', users, '--limits', 'off'];
    server = await ServerProcess.start(0, { args, env: { SIGNAL_SECRET: SECRET } });
  });
  afterAll(() => server.kill());

  const login = (runner: CliRunner, name: string, password = `password of ${name}`) =>
    runner.run(['login', name, '--password-stdin', '--url', server.url], { stdin: `${password}\n` });

  it('[CLI-5] whoever logged in lists users, and calls and answers, by the token that was kept', async () => {
    const bobs = new CliRunner();
    try {
      const logins = await Promise.all([login(cli, 'alice'), login(bobs, 'bob')]);
      expect(logins.map(({ code }) => code)).toEqual([0, 0]);
      const robot = bobs.start(['answer', '--count', '1', '--json', '--url', server.url]);
      expect(await robot.says({ type: 'ready' })).toMatchObject({ user: { id: userIdOf('bob'), username: 'bob' } });
      const listed = await cli.run(['users', '--json', '--url', server.url]);
      expect(listed.records).toMatchObject([
        { username: 'alice', isOnline: false },
        { username: 'bob', isOnline: true },
      ]);
      const called = await cli.run(['call', 'bob', '--hold', '10ms', '--json', '--url', server.url]);
      expect(lastOf(called, 'result')).toMatchObject({ ok: true, outcome: 'completed' });
      expect((await robot.ended).code).toBe(0);
    } finally {
      await bobs.close();
    }
  });

  it('[CLI-20] a wrong password, no login, and somebody else than who logged in are exit code 4', async () => {
    const wrong = await login(cli, 'alice', 'password of bob');
    expect(wrong).toMatchObject({ code: 4, stderr: expect.stringContaining('wrong username or password') });
    const first = async (args: string[], name: string) => {
      const { code, stdout, stderr } = await cli.run([...args, '--url', server.url]);
      expect(stderr).toContain(`log in first: signal-cli login ${name}, or show a token`);
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    };
    await first(['users'], 'NAME');
    await first(['ping', '--user', 'alice'], 'alice');
    await login(cli, 'alice');
    await first(['ping', '--user', 'bob'], 'bob');
    await first(['users', '--user', 'bob'], 'bob');
    expect((await cli.run(['users', '--user', 'alice', '--url', server.url])).code).toBe(0);
  });

  it('[CLI-6] where passwords are checked, --user without a login tries none', async () => {
    const asked: string[] = [];
    const proxy = await startForeignServer(({ method, url, headers }, response) => {
      asked.push(`${method} ${url} ${headers.authorization ?? ''}`.trim());
      response.writeHead(401).end(JSON.stringify({ error: 'no credentials', code: 'unauthorized' }));
    });
    for (const args of [['ping'], ['users'], ['watch'], ['call', 'bob']]) {
      const { code, stderr } = await cli.run([...args, '--user', 'alice', '--url', proxy.url]);
      expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('signal-cli login alice') });
    }
    await proxy.stop();
    expect(new Set(asked)).toEqual(new Set(['GET /api/users', 'GET /api/online-users']));
  });

  it('[CLI-20] a login that has lapsed is exit code 4, and says to log in again', async () => {
    const user = { id: userIdOf('alice'), username: 'alice' };
    const claims = { iss: 'signal-core', aud: 'signal-core', sub: user.id, name: 'alice', iat: 1, exp: seconds(-60) };
    const login = { user, token: jwt(claims) };
    writeFileSync(join(cli.configDir, 'credentials.json'), JSON.stringify({ [`${server.url}/`]: login }));
    for (const args of [['users'], ['ping'], ['call', 'bob'], ['answer']]) {
      const { code, stderr } = await cli.run([...args, '--url', server.url]);
      expect(stderr).toMatch(/lapsed.*log in again with: signal-cli login NAME/);
      expect(stderr).not.toContain(login.token);
      expect(code).toBe(4);
    }
  });
});

describe('a server that takes tokens', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    const args = ['--auth', 'token', '--jwt-issuer', 'issuer', '--jwt-audience', 'signal', '--limits', 'relaxed'];
    server = await ServerProcess.start(0, { args, env: { SIGNAL_JWT_SECRET: SECRET } });
  });
  afterAll(() => server.kill());

  const tokenOf = (id: string, name?: string, exp = seconds(3600)) =>
    jwt({ iss: 'issuer', aud: 'signal', sub: id, ...(name !== undefined && { name }), exp });

  it('[CLI-20] a token of a file, or of SIGNAL_CLI_TOKEN, says who acts, and proves it', async () => {
    const bobs = kept('bob.jwt', `${tokenOf('auth0|b', 'bob')}\n`);
    const robot = cli.start(['answer', '--count', '1', '--json', '--token-file', bobs, '--url', server.url]);
    expect(await robot.says({ type: 'ready' })).toMatchObject({ user: { id: 'auth0|b', username: 'bob' } });
    const env = { SIGNAL_CLI_TOKEN: tokenOf('auth0|a') };
    const called = await cli.run(['call', 'bob', '--hold', '10ms', '--json', '--url', server.url], { env });
    expect(lastOf(called, 'result')).toMatchObject({ ok: true, outcome: 'completed' });
    expect((await robot.ended).code).toBe(0);
    const listed = await cli.run(['users', '--json', '--token-file', bobs, '--url', server.url], { env });
    expect(listed.records).toMatchObject([
      { id: 'auth0|a', username: 'auth0|a' },
      { id: 'auth0|b', username: 'bob' },
    ]);
  });

  it('[CLI-20] one that is no good, or has lapsed, is exit code 4 in every command', async () => {
    const lapsed = kept('lapsed.jwt', tokenOf('auth0|a', 'alice', seconds(-60)));
    const changed = kept('changed.jwt', tokenOf('auth0|a', 'alice').replace(/.{5}$/, 'AAAAA'));
    for (const [file, message] of [
      [lapsed, 'lapsed'],
      [changed, 'no valid credentials'],
    ] as const) {
      for (const args of [['users'], ['ping']]) {
        const { code, stderr } = await cli.run([...args, '--token-file', file, '--url', server.url]);
        expect(stderr).toContain(message);
        expect(stderr).toContain('show another token');
        expect(code).toBe(4);
      }
    }
  });

  it('[CLI-20] without one, there is no login to fall back to, and that is said', async () => {
    const { code, stderr } = await cli.run(['ping', '--user', 'alice', '--url', server.url]);
    expect(stderr).toContain('or show a token, with --token-file FILE or SIGNAL_CLI_TOKEN');
    expect(code).toBe(4);
    const login = await cli.run(['login', 'alice', '--password-stdin', '--url', server.url], { stdin: 'pw' });
    expect(login.stderr).toContain('has no password login; show a token, with --token-file FILE or SIGNAL_CLI_TOKEN');
    expect(login.code).toBe(4);
  });

  it('[CLI-20] what is no token, and a token of somebody else than --user, are wrong usage', async () => {
    const good = kept('good.jwt', tokenOf('auth0|a', 'alice'));
    for (const [args, message] of [
      [['--token-file', '/no/such/file'], 'cannot read the token file'],
      [['--token-file', kept('none.jwt', 'opaque')], '--token-file holds no JWT with a "sub"'],
      [['--token-file', kept('empty.jwt', '\n')], '--token-file holds no JWT with a "sub"'],
      [['--token-file', good, '--user', 'bob'], '--token-file is the token of alice: leave out --user bob'],
    ] as const) {
      const { code, stderr } = await cli.run(['ping', '--count', '1', ...args, '--url', server.url]);
      expect(stderr).toContain(message);
      expect(code).toBe(2);
    }
    const named = await cli.run(['ping', '--count', '1', '--token-file', good, '--user', 'alice', '--url', server.url]);
    expect(named.code).toBe(0);
  });
});
