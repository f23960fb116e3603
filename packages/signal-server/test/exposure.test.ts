import { LIMIT_PROFILES } from 'signal-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseArguments } from '../src/arguments.ts';
import { readConfigFile } from '../src/config-file.ts';
import { warningsOf } from '../src/config-warnings.ts';
import { contradictionIn } from '../src/contradiction.ts';
import { nameOf } from '../src/flags.ts';
import { createStandaloneServer, resolveConfig, type ServerConfig, type StandaloneOptions } from '../src/index.ts';
import { printableConfig } from '../src/print-config.ts';
import { DEFAULT_CONFIG } from '../src/server-config.ts';
import { signalingOptions } from '../src/signaling-options.ts';
import { written } from './folder.ts';
import { run } from './server-process.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const SECRET = 'a-secret-of-32-bytes-for-the-test';

/** What a call throws. */
function faultOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return String(Object(error).message);
  }
  throw new Error('was not refused');
}

const optionsOf = (config: Partial<ServerConfig>) =>
  signalingOptions({ ...DEFAULT_CONFIG, ...config }, { passwords: undefined, logger: quiet });

describe('settings that contradict each other', () => {
  const found = (config: Partial<ServerConfig>, isProduction = false) =>
    contradictionIn({ ...DEFAULT_CONFIG, ...config }, { isProduction, nameOf });
  const token = { auth: 'token', jwtIssuer: 'i', jwtAudience: 'a' } as const;

  test.each([
    [{ auth: 'token' }, '--auth token needs the keys of the issuer: set --jwks-url or SIGNAL_JWT_SECRET'],
    [{ auth: 'token', jwtSecret: SECRET }, '--auth token needs the issuer of the tokens: set --jwt-issuer'],
    [{ ...token, jwtSecret: SECRET, jwtAudience: undefined }, 'needs the audience of the tokens: set --jwt-audience'],
    [{ ...token, jwtSecret: SECRET, jwksUrl: 'https://a.example' }, '--jwks-url or SIGNAL_JWT_SECRET: not both'],
    [{ auth: 'passwords' }, '--auth passwords needs a users file: set --users'],
    [{ users: 'u' }, '--users is for --auth passwords, and this is --auth open: choose that mode, or leave it out'],
    [{ jwtSecret: SECRET }, 'SIGNAL_JWT_SECRET is for --auth token, and this is --auth open'],
    [
      { ...token, jwtSecret: SECRET, secret: SECRET },
      'SIGNAL_SECRET is for --auth passwords, and this is --auth token',
    ],
    [{ turnUrls: ['turn:t'] }, '--turn-url needs the secret of the TURN server: set SIGNAL_TURN_SECRET'],
    [{ metricsToken: 'm' }, 'SIGNAL_METRICS_TOKEN is for --metrics: set that, or leave it out'],
    [{ turnSecret: 's' }, 'SIGNAL_TURN_SECRET is for a TURN server: set --turn-url'],
    [{ tlsCert: 'c' }, '--tls-cert needs the key of the certificate: set --tls-key'],
    [{ tlsKey: 'k' }, '--tls-key needs its certificate: set --tls-cert'],
  ] as const)('[SRV-17] %j is one line that says what to do', (config, message) => {
    expect(found(config)).toContain(message);
    expect(found(config)).not.toMatch(/\n/);
    expect(found(config)).not.toContain(SECRET);
  });

  test.each([
    {},
    { auth: 'passwords', users: 'u' },
    { ...token, jwtSecret: SECRET },
    { ...token, jwksUrl: 'https://a.example' },
    { metrics: true, metricsToken: 'm' },
    { turnUrls: ['turn:t'], turnSecret: 's', tlsCert: 'c', tlsKey: 'k' },
  ] as const)('[SRV-17] %j goes together', (config) => {
    expect(found(config)).toBeUndefined();
  });

  test('[SRV-17] passwords in production want a secret, and the refusal says how to make one', async () => {
    const config = { auth: 'passwords', users: 'u' } as const;
    expect(found(config, true)).toContain('export SIGNAL_SECRET="$(openssl rand -base64 32)"');
    expect(found({ ...config, secret: SECRET }, true)).toBeUndefined();
    const server = run(['--auth', 'passwords', '--users', 'u'], { env: { NODE_ENV: 'production' } });
    expect(await server.ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('SIGNAL_SECRET') });
  });
});

describe('secrets', () => {
  const secrets = {
    SIGNAL_SECRET: SECRET,
    SIGNAL_TURN_SECRET: 'turn-secret',
    SIGNAL_METRICS_TOKEN: 'a-metrics-token-',
  };

  test('[SRV-17] --print-config says that they are set, and no flag takes one', () => {
    const text = printableConfig(resolveConfig({ env: secrets }));
    expect(JSON.parse(text)).toMatchObject({
      secret: { value: '(set)', source: 'env SIGNAL_SECRET' },
      turnSecret: { value: '(set)', source: 'env SIGNAL_TURN_SECRET' },
      metricsToken: { value: '(set)', source: 'env SIGNAL_METRICS_TOKEN' },
      jwtSecret: { value: null, source: 'default' },
    });
    for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  });

  test('[SRV-17] a config file that holds one, and that others may read, is warned of; no output holds it', async () => {
    const users = written('{"version": 1, "users": []}');
    const values = { auth: 'passwords', users, secret: SECRET, port: 0, host: '127.0.0.1', logLevel: 'debug' };
    const shared = written(JSON.stringify(values), { mode: 0o644 });
    const server = run(['--config', shared]);
    await server.line('listening');
    expect(server.lines()).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        msg: `${shared} holds a secret, and others may read it: chmod 600 ${shared}`,
      }),
    );
    server.child.kill();
    const { stdout, stderr } = await server.ended;
    expect(stdout + stderr).not.toContain(SECRET);
    const own = run(['--config', written(JSON.stringify(values))]);
    await own.line('listening');
    expect(own.lines().filter(({ level }) => level === 'warn')).toEqual([]);
  });

  test('[SRV-17] a config file that cannot be parsed is not quoted', async () => {
    const { stderr } = await run(['--config', written(`{"secret": "x" ${SECRET}`)]).ended;
    expect(stderr).toContain('is no valid JSON');
    expect(stderr).not.toContain(SECRET.slice(0, 6));
  });

  test.each([
    ['{"turnSecret":hunter2\n}', ''],
    ['{"turnSecret": "a" hunter2}', ' (line 1, column 20)'],
    ['{"turnSecret": "hunter2\n"}', ' (line 1, column 24)'],
    ['hunter2', ''],
    ['{"turnSecret":"x","hunter2}', ' (line 1, column '],
    [`{"turnSecret":'hunter2, "x"'}`, ''],
  ])('[SRV-17] of a config file such as %j at most the place is told', (text, place) => {
    const path = written(text);
    const fault = faultOf(() => readConfigFile(path));
    expect(fault.startsWith(`${path}: is no valid JSON${place}`)).toBe(true);
    expect(fault.slice(path.length)).not.toMatch(/hunt|turn|'/);
  });

  test.each([
    [['--turn-secret=hunter2']],
    [['--secret=hunter2=\n$&']],
    [['user', 'add', 'alice', '--password=hunter2']],
  ])('[SRV-17] %j is refused without the value', (argv) => {
    const fault = faultOf(() => parseArguments(argv));
    expect(fault).toMatch(/^unknown option '--(turn-secret|secret|password)'/);
    expect(fault).not.toContain('hunter2');
  });
});

describe('warnings', () => {
  const warnings = (config: Partial<ServerConfig>) => warningsOf({ ...DEFAULT_CONFIG, ...config }, undefined);

  test('[SRV-17] pages of every origin outside of open, and a key of the certificate that others may read', () => {
    expect(warnings({ auth: 'passwords', corsOrigin: '*' })).toEqual([expect.stringMatching(/^--cors-origin \*: /)]);
    expect(warnings({ corsOrigin: '*' })).toEqual([]);
    const shared = written('', { name: 'key.pem', mode: 0o644 });
    expect(warnings({ tlsKey: shared })).toEqual([
      `${shared} is a private key, and others may read it: chmod 600 ${shared}`,
    ]);
    expect(warnings({ tlsKey: written('', { name: 'key.pem' }) })).toEqual([]);
    expect(warnings({ tlsKey: '/no/such/file' })).toEqual([]);
  });

  test('[SRV-7] an open server says so in the log, louder where others reach it', async () => {
    for (const [host, warning] of [
      ['127.0.0.1', 'auth open: anybody on this machine logs in under any name'],
      [
        '0.0.0.0',
        'OPEN: anybody who reaches this server logs in under any name, no password is checked; choose --auth passwords or --auth token',
      ],
    ] as const) {
      const server = run(['--port', '0', '--host', host]);
      expect(await server.line(warning)).toMatchObject({ level: 'warn' });
      expect(server.lines().map(({ msg }) => msg)).toEqual(['listening', warning]);
    }
  });
});

describe('what the settings are to signal-core', () => {
  test('[SRV-20] each sets the option of its name', () => {
    expect(optionsOf({})).toMatchObject({ auth: 'open', iceServers: [], icePolicy: 'all', metrics: false });
    expect(optionsOf({})).not.toHaveProperty('turn');
    expect(
      optionsOf({
        limits: 'off',
        trustProxy: ['10.0.0.0/8'],
        iceServers: ['stun:s.example'],
        turnUrls: ['turn:t.example'],
        turnSecret: 's',
        turnTtlMs: 120_000,
        icePolicy: 'relay-only',
        metrics: true,
        metricsToken: 'm',
      }),
    ).toMatchObject({
      limits: 'off',
      trustProxy: ['10.0.0.0/8'],
      iceServers: [{ urls: 'stun:s.example' }],
      turn: { urls: ['turn:t.example'], secret: 's', ttlSeconds: 120 },
      icePolicy: 'relay-only',
      metrics: { token: 'm' },
    });
    expect(optionsOf({ metricsToken: 'm' }).metrics).toBe(false);
    expect(optionsOf({ metrics: true }).metrics).toBe(true);
  });

  test.each([
    [{}, undefined],
    [{ host: 'localhost' }, undefined],
    [{ host: '127.0.0.1' }, undefined],
    [{ host: '::1' }, undefined],
    [{ host: '0.0.0.0' }, 'standard'],
    [{ host: '::' }, 'standard'],
    [{ host: '192.0.2.1' }, 'standard'],
    [{ host: '127.example' }, 'standard'],
    [{ trustProxy: 1 }, 'standard'],
    [{ trustProxy: ['127.0.0.1'] }, 'standard'],
    [{ host: '0.0.0.0', limits: 'relaxed' }, 'relaxed'],
  ] as const)(
    '[SRV-20] with %j the limits of open are %s: where others reach it they are standard',
    (config, limits) => {
      expect(optionsOf(config).limits).toBe(limits);
    },
  );

  test('[SRV-20] an open server on every network counts 20 logins a minute from one address, one on this machine none', async () => {
    const refused = async (host: string): Promise<number> => {
      const { url } = await running({ host });
      const login = (index: number) =>
        fetch(`${url.replace('localhost', '127.0.0.1')}/api/login`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ username: `user-${index}`, password: 'x' }),
        });
      const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => login(index)));
      return answers.filter(({ status }) => status === 429).length;
    };
    expect(await refused('127.0.0.1')).toBe(0);
    expect(await refused('0.0.0.0')).toBe(40 - LIMIT_PROFILES.standard.loginsPerMinuteByAddress);
  });
});

async function running(options: Partial<StandaloneOptions>) {
  const server = createStandaloneServer({ auth: 'open', port: 0, logger: quiet, ...options });
  onTestFinished(() => server.close());
  return { server, url: await server.listen() };
}
