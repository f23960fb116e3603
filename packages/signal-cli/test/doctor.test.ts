import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { listenOnLoopback, startTestServer, TcpProxy, type TestServer } from 'signal-core/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CliOptions, CliRunner, lastOf } from './support/cli.js';
import { deadUrl, startForeignServer } from './support/foreign-server.js';
import { startLegacyServer } from './support/legacy-server.js';
import { startStunServer } from './support/stun-server.js';

let cli: CliRunner;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(() => {
  cli = new CliRunner();
});
afterEach(() => cli.close());

const CHECKS = ['node', 'terminal', 'colour', 'settings', 'logins', 'webrtc'];
const WAY = ['name', 'tcp', 'tls', 'health', 'clock', 'polling', 'websocket'];
const SESSION = ['login', 'protocol', 'ice'];

interface Check {
  status: string;
  detail: string;
  fix: string | null;
}

async function examine(args: string[], options: CliOptions = {}) {
  const result = await cli.run(['doctor', '--json', '--timeout', '2s', ...args], options);
  const records = result.records.filter(({ type }) => type === 'check');
  // each record of that type has these
  const checks: Record<string, Check> = Object.fromEntries(
    records.map(({ check, ...rest }) => [check, rest as unknown as Check]),
  );
  return { ...result, checks, names: records.map(({ check }) => check) };
}

it('[CLI-26] where all is well it says so, a line each, exit code 0', async () => {
  const { names, checks, code, records } = await examine(['--user', 'alice', '--url', server.url]);
  expect(names).toEqual([...CHECKS, ...WAY, ...SESSION]);
  expect(Object.values(checks).map(({ status }) => status)).toEqual(names.map(() => 'ok'));
  expect(checks.protocol?.detail).toBe('version 2');
  expect(records.at(-1)).toEqual({ type: 'result', ok: true, exitCode: 0, failed: [] });
  expect(code).toBe(0);
});

it('[CLI-26] as text each check is one line, with how to mend what failed; --quiet leaves what is wrong', async () => {
  const url = await deadUrl();
  const full = await cli.run(['doctor', '--url', url]);
  const lines = full.stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(CHECKS.length + WAY.length + SESSION.length + 1);
  expect(full.stdout).toContain('ok    node       ');
  expect(full.stdout).toMatch(/^FAIL {2}tcp {8}port \d+: ECONNREFUSED; to mend it: nobody listens there/m);
  expect(full.stdout).toContain('skip  websocket  after tcp');
  expect(lines.at(-1)).toBe('1 check failed: tcp');
  const quiet = await cli.run(['doctor', '--quiet', '--url', url]);
  expect(quiet.stdout.trimEnd().split('\n')).toHaveLength(2);
  expect([full.code, quiet.code]).toEqual([3, 3]);
});

it('[CLI-26] a name that nobody knows is exit code 3', async () => {
  const { checks, code } = await examine(['--url', 'http://signal.invalid']);
  expect(checks.name).toMatchObject({ status: 'fail', detail: expect.stringContaining('signal.invalid is not found') });
  expect(checks.tcp?.status).toBe('skip');
  expect(code).toBe(3);
});

it('[CLI-26] a server that does not speak TLS is exit code 3', async () => {
  const { checks, code } = await examine(['--url', server.url.replace('http:', 'https:')]);
  expect(checks.tls).toMatchObject({ status: 'fail', fix: expect.stringContaining('http://') });
  expect(code).toBe(3);
});

it.skipIf(!hasOpenssl())(
  '[CLI-26] a certificate that nobody vouches for is exit code 3; once it is trusted, until when it is good is told',
  async () => {
    const [key, cert] = [join(cli.configDir, 'key.pem'), join(cli.configDir, 'cert.pem')];
    const names = 'subjectAltName=IP:127.0.0.1';
    const make = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '5'];
    execFileSync('openssl', [...make, '-keyout', key, '-out', cert, '-subj', '/CN=test', '-addext', names], {
      stdio: 'ignore',
    });
    const secure = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) => {
      response.end('{"status":"OK"}');
    });
    const { url, stop } = await listenOnLoopback(secure);
    const address = url.replace('http:', 'https:');
    const unknown = await examine(['--url', address]);
    const trusted = await examine(['--url', address], { env: { NODE_EXTRA_CA_CERTS: cert } });
    await stop();
    expect(unknown.checks.tls).toMatchObject({ status: 'fail', fix: expect.stringContaining('NODE_EXTRA_CA_CERTS') });
    expect(unknown.checks.health?.status).toBe('skip');
    expect(unknown.code).toBe(3);
    expect(trusted.checks.tls).toMatchObject({
      status: 'note',
      fix: 'renew it',
      detail: expect.stringMatching(/20\d\d-/),
    });
    expect(trusted.checks.health?.status).toBe('ok');
  },
);

it('[CLI-26] a server that takes connections and says nothing is exit code 3, in time', async () => {
  const proxy = await TcpProxy.before(server.url);
  proxy.freeze();
  const { checks, code } = await examine(['--timeout', '300ms', '--url', proxy.url]);
  await proxy.close();
  expect(checks.tcp?.status).toBe('ok');
  expect([checks.health, checks.polling, checks.websocket].map((check) => check?.status)).toEqual([
    'fail',
    'fail',
    'fail',
  ]);
  expect(code).toBe(3);
});

it('[CLI-26] another Socket.IO path is exit code 3, and the mending is --path', async () => {
  const { checks, code } = await examine(['--path', '/elsewhere', '--url', server.url]);
  expect(checks.health?.status).toBe('ok');
  for (const check of [checks.polling, checks.websocket]) {
    expect(check).toMatchObject({ status: 'fail', fix: expect.stringContaining('--path') });
  }
  expect(code).toBe(3);
});

/** What answers like a signaling server does, and says this of a WebSocket or of a second request. */
async function behindProxy(listener: RequestListener) {
  return startForeignServer((request, response) => {
    if (request.url === '/health') return void response.end('{"status":"OK"}');
    if (request.url?.startsWith('/api/')) return void response.end('[]');
    listener(request, response);
  });
}

it('[CLI-26] a proxy that passes no upgrade, and one that spreads sessions over servers, are told', async () => {
  const proxy = await behindProxy(({ method }, response) => {
    if (method === 'POST') response.writeHead(400).end('{"code":1,"message":"Session ID unknown"}');
    else response.end('0{"sid":"x","upgrades":[]}');
  });
  const { checks, code } = await examine(['--url', proxy.url]);
  await proxy.stop();
  expect(checks.polling).toMatchObject({ status: 'fail', fix: expect.stringContaining('keep each client at one') });
  expect(checks.websocket).toMatchObject({ status: 'fail', fix: expect.stringContaining('proxy_http_version 1.1') });
  expect(code).toBe(3);
});

it("[CLI-26] a clock that is far from the server's is a note", async () => {
  const late = await startForeignServer((_request, response) => {
    response.setHeader('date', new Date(Date.now() + 120_000).toUTCString()).end('{"status":"OK"}');
  });
  const { checks } = await examine(['--url', late.url]);
  await late.stop();
  expect(checks.clock).toMatchObject({ status: 'note', detail: expect.stringMatching(/^1(19|20|21) s behind/) });
});

it('[CLI-26] the legacy protocol is a note, and fails nothing', async () => {
  const legacy = await startLegacyServer();
  const { checks, code } = await examine(['--user', 'alice', '--url', legacy.url]);
  await legacy.close();
  expect(checks.protocol).toMatchObject({ status: 'note', detail: expect.stringContaining('legacy') });
  expect(code).toBe(0);
});

describe('logins', () => {
  let locked: TestServer;
  beforeAll(async () => {
    locked = await startTestServer({ auth: { verifyToken: () => null } });
  });
  afterAll(() => locked.close());

  const keep = (url: string, token: string) => {
    const path = join(cli.configDir, 'credentials.json');
    writeFileSync(path, JSON.stringify({ [`${url}/`]: { user: { id: 'u1', username: 'alice' }, token } }), {
      mode: 0o600,
    });
    return path;
  };

  it('[CLI-26] a server that asks who one is, and a login that it refuses, or that has lapsed, are exit code 4', async () => {
    const unknown = await examine(['--url', locked.url]);
    expect(unknown.checks.login).toMatchObject({ status: 'fail', detail: 'the server asks who you are' });
    keep(locked.url, 'stale');
    const refused = await examine(['--url', locked.url]);
    expect(refused.checks.login).toMatchObject({ status: 'fail', fix: expect.stringContaining('login alice') });
    keep(locked.url, `e30.${Buffer.from('{"exp":1}').toString('base64url')}.x`);
    const lapsed = await examine(['--url', locked.url]);
    expect(lapsed.checks.login).toMatchObject({ status: 'fail', detail: 'the login, or token, has lapsed' });
    expect([unknown.code, refused.code, lapsed.code]).toEqual([4, 4, 4]);
  });

  it('[CLI-26] on an open server nobody need be named; what needs somebody is skipped', async () => {
    const { checks, code } = await examine(['--url', server.url]);
    expect(SESSION.map((name) => checks[name]?.status)).toEqual(['skip', 'skip', 'skip']);
    expect(code).toBe(0);
  });

  it('[CLI-26] logins that others can read are exit code 1, and the mending is chmod', async () => {
    const path = keep(server.url, 't');
    chmodSync(path, 0o644);
    const { checks, code } = await examine(['--url', server.url]);
    expect(checks.logins).toMatchObject({ status: 'fail', fix: `chmod 600 ${path}` });
    expect(code).toBe(1);
  });

  it('[CLI-22] a token that was brought along is not shown to a server that a project file names', async () => {
    const folder = join(cli.configDir, 'repo');
    mkdirSync(join(folder, '.git'), { recursive: true });
    writeFileSync(join(folder, 'signal-cli.config.json'), JSON.stringify({ url: server.url }));
    const env = { SIGNAL_CLI_TOKEN: `e30.${Buffer.from('{"sub":"u1"}').toString('base64url')}.x` };
    const { checks, code } = await examine([], { cwd: folder, env });
    expect(checks.login).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('names the server; to show'),
    });
    expect(code).toBe(4);
  });
});

it('[CLI-26] a wrong file is exit code 1, and the rest is checked by the flags', async () => {
  writeFileSync(join(cli.configDir, 'config.json'), '{"speed": 3}');
  const { checks, code } = await examine(['--url', server.url]);
  expect(checks.settings).toMatchObject({ status: 'fail', detail: expect.stringContaining('unknown key "speed"') });
  expect(checks.websocket?.status).toBe('ok');
  expect(code).toBe(1);
});

it('[CLI-26] what cannot be reached counts more than what is refused, and that more than what is wrong here', async () => {
  writeFileSync(join(cli.configDir, 'config.json'), '{"speed": 3}');
  expect((await examine(['--url', await deadUrl()])).code).toBe(3);
});

it('[CLI-26] STUN and TURN servers are asked, each; one that is silent is exit code 3', async () => {
  const stun = await startStunServer();
  const silent = await startStunServer({ answers: false });
  const turn = await startForeignServer(() => {});
  const urls = [
    `stun:127.0.0.1:${stun.port}`,
    `turn:127.0.0.1:${new URL(turn.url).port}?transport=tcp`,
    `turn:127.0.0.1:${silent.port}?transport=udp`,
  ];
  const relayed = await startTestServer({ iceServers: [{ urls, username: 'u', credential: 'the-credential' }] });
  const { code, records, stdout } = await examine(['--user', 'alice', '--timeout', '1s', '--url', relayed.url]);
  await Promise.all([relayed.close(), stun.close(), silent.close(), turn.stop()]);
  const ice = records.filter(({ check }) => check === 'ice');
  expect(ice.map(({ status }) => status)).toEqual(['ok', 'ok', 'fail']);
  expect(ice[2]).toMatchObject({ fix: expect.stringContaining(`UDP port ${silent.port}`) });
  expect(lastOf({ code, records, stdout, stderr: '' }, 'result').failed).toEqual(['ice']);
  expect(stdout).not.toContain('the-credential');
  expect(code).toBe(3);
});

it('[CLI-26] Ctrl-C ends it with 130', async () => {
  const proxy = await TcpProxy.before(server.url);
  proxy.freeze();
  const program = cli.start(['doctor', '--json', '--timeout', '1m', '--url', proxy.url]);
  await program.says({ check: 'tls' });
  program.kill('SIGINT');
  expect((await program.ended).code).toBe(130);
  await proxy.close();
});

function hasOpenssl(): boolean {
  return spawnSync('openssl', ['version']).status === 0;
}
