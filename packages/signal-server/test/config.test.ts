import fc from 'fast-check';
import { DEFAULT_OPTIONS, SignalingServer } from 'signal-core';
import { describe, expect, test } from 'vitest';
import { type ConfigInput, resolveConfig } from '../src/config.ts';
import { createStandaloneServer } from '../src/create-standalone-server.ts';
import { isSecret, SETTING_NAMES, SETTINGS } from '../src/flags.ts';
import { DEFAULT_CONFIG } from '../src/server-config.ts';
import { UsageError } from '../src/usage-error.ts';

const file = (values: Record<string, unknown>) => ({ path: 'server.json', values });
const faultOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return String(Object(error).message);
  }
  throw new Error('was not refused');
};
const refusal = (input: ConfigInput): string => {
  try {
    resolveConfig(input);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('was not refused');
};

describe('precedence', () => {
  test('[SRV-1] without anything written, every setting is the default, and those of signal-core are its own', () => {
    const { config, sources } = resolveConfig({});
    expect(config).toEqual(DEFAULT_CONFIG);
    expect(config).toMatchObject({ port: 3001, auth: 'open', corsOrigin: ['http://localhost:5173'] });
    const { path, ringTimeoutMs, graceMs, maxCallsPerUser } = DEFAULT_OPTIONS;
    expect(config).toMatchObject({ path, ringTimeoutMs, graceMs, maxCallsPerUser });
    expect(new Set(Object.values(sources))).toEqual(new Set(['default']));
  });

  test('[SRV-1] a flag wins over the environment, the environment over the file, the file over the default', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (inFlags, inEnv, inFile) => {
        const { config, sources } = resolveConfig({
          flags: inFlags ? { port: '1' } : {},
          env: inEnv ? { PORT: '2' } : {},
          file: inFile ? file({ port: 3 }) : undefined,
        });
        const [port, source] = inFlags
          ? [1, 'flag --port']
          : inEnv
            ? [2, 'env PORT']
            : inFile
              ? [3, 'file server.json']
              : [3001, 'default'];
        expect({ port: config.port, source: sources.port }).toEqual({ port, source });
      }),
    );
  });

  test('[SRV-1] each setting is decided by itself', () => {
    const { config } = resolveConfig({
      flags: { ringTimeoutMs: '1.5s' },
      env: { SIGNAL_GRACE: '500ms', CORS_ORIGIN: 'https://a.example, https://b.example:8443' },
      file: file({ maxCallsPerUser: 2, graceMs: 9000, logLevel: 'warn' }),
    });
    expect(config).toEqual({
      ...DEFAULT_CONFIG,
      ringTimeoutMs: 1500,
      graceMs: 500,
      corsOrigin: ['https://a.example', 'https://b.example:8443'],
      maxCallsPerUser: 2,
      logLevel: 'warn',
    });
  });

  test('[SRV-1] an empty variable counts as not set', () => {
    expect(resolveConfig({ env: { PORT: '', HOST: '' } }).config).toEqual(DEFAULT_CONFIG);
  });
});

describe('refusals', () => {
  test.each([
    ['a flag', { flags: { port: 'x' } }, '--port: "x" must be a whole number from 0 to 65535'],
    ['a variable', { env: { PORT: '70000' } }, 'PORT: "70000" must be a whole number from 0 to 65535'],
    ['a file key', { file: file({ port: '1' }) }, 'server.json: port: "1" must be a whole number from 0 to 65535'],
    ['an auth mode', { flags: { auth: 'jwt' } }, '--auth: "jwt" must be one of open, token, passwords'],
    [
      'a level',
      { env: { SIGNAL_LOG_LEVEL: 'all' } },
      'SIGNAL_LOG_LEVEL: "all" must be one of silent, error, warn, info, debug',
    ],
  ] satisfies [string, ConfigInput, string][])(
    '[SRV-3] %s with a bad value is named with it',
    (_what, input, message) => {
      expect(refusal(input)).toBe(message);
    },
  );

  test('[SRV-3] a file key that does not exist is refused, also one that every object has', () => {
    expect(refusal({ file: file({ prot: 1 }) })).toMatch(
      /^server\.json: unknown key "prot"; the keys are port, host, /,
    );
    expect(refusal({ file: file(JSON.parse('{"__proto__": 1}')) })).toContain('unknown key "__proto__"');
    expect(refusal({ file: file({ toString: 1 }) })).toContain('unknown key "toString"');
  });

  const bad: Record<string, { text: string[]; json: unknown[] }> = {
    port: { text: ['-1', '1.5', '0x10', '1e3', ' 80', '65536', ''], json: [-1, 1.5, '80', null, true, [80], {}] },
    host: { text: ['', 'a b', 'http://x'], json: ['', 1, null] },
    auth: { text: ['', 'OPEN', 'tokens'], json: [true, null, 'none'] },
    jwksUrl: {
      text: ['', 'keys', 'http://issuer.example/jwks', 'ftp://x', 'http://127.0.0.1.a.example/'],
      json: [1, null, ['https://a.example']],
    },
    jwtIssuer: { text: ['', 'a\nb'], json: [1, '', null] },
    jwtAudience: { text: ['', 'a\nb'], json: [1, '', ['a']] },
    users: { text: [''], json: [1, '', null] },
    tokenTtlMs: { text: ['12', '0s', '1500ms', '500h'], json: ['12h', 0, 500] },
    limits: { text: ['', 'none'], json: [null, {}, 'strict'] },
    trustProxy: {
      text: ['', '-1', '1.5', '10.0.0.0/0', '10.0.0.0/33', '::/0', '10.0.0.1,', 'proxy', 'fe80::1%eth0', '127.1'],
      json: [-1, 0.5, '1', true, ['10.0.0.0/0'], [1], null],
    },
    iceServers: { text: ['', 'stun', 'turn:t.example', 'stun:a b'], json: [1, null, ['turn:t.example'], {}] },
    turnUrls: { text: ['', 'stun:s.example', 'turn:'], json: [1, null, ['stun:s.example']] },
    turnTtlMs: { text: ['600', '59s', '25h', '60500ms'], json: ['600s', 59_000, 60_500] },
    icePolicy: { text: ['', 'relay'], json: [true, 'none'] },
    metrics: { text: ['', 'yes', '1'], json: ['true', 1, null] },
    page: { text: ['', 'yes', '1'], json: ['true', 1, null] },
    redisUrl: {
      text: ['', 'localhost:6379', 'http://a', 'redis:', 'redis://', 'redis://a/b', 'redis://a b'],
      json: [1, null, ['redis://a']],
    },
    redisPrefix: { text: ['', '{a}', 'a b'], json: [1, null] },
    drainMs: { text: ['5', '0s'], json: ['5s', 0] },
    tlsCert: { text: [''], json: [1, null] },
    tlsKey: { text: [''], json: [1, null] },
    corsOrigin: {
      text: ['', 'localhost:5173', 'http://a/', 'http://a/b', 'http://a,,http://b', 'http://a,*', 'https://a:443'],
      json: [null, 1, [1], ['*'], ['http://a', '']],
    },
    path: { text: ['', '/', 'x', '/a/', '/a b', '/a?b'], json: [null, 1, ''] },
    ringTimeoutMs: { text: ['', '5', '-5s', '0s', '5 s', '5d', '600h', 's'], json: ['5s', 0, -1, 1.5, null] },
    graceMs: { text: ['5', '0ms'], json: ['5s', 0] },
    maxCallsPerUser: { text: ['0', '-1', '1001'], json: ['1', 0] },
    logLevel: { text: ['', 'verbose'], json: [1, 'trace'] },
    logFormat: { text: ['', 'text'], json: [1, 'xml'] },
  };

  test.each(SETTING_NAMES.filter((name) => !isSecret(name)))('[SRV-3] %s takes nothing but its own values', (name) => {
    const { text, json } = bad[name] ?? { text: [], json: [] };
    expect(text.length * json.length).toBeGreaterThan(0);
    for (const value of text) expect(refusal({ flags: { [name]: value } })).toContain(JSON.stringify(value));
    for (const value of json) expect(refusal({ file: file({ [name]: value }) })).toContain(JSON.stringify(value));
  });

  test.each(SETTING_NAMES.filter(isSecret))('[SRV-17] %s that will not do is refused without being shown', (name) => {
    const isSigning = name === 'secret' || name === 'jwtSecret';
    const short = isSigning ? 'only-31-bytes-of-a-secret-------'.slice(0, 31) : undefined;
    const { env } = SETTINGS[name];
    if (short !== undefined) {
      expect(refusal({ env: { [env]: short } })).toMatch(new RegExp(`^${env}: must be at least 32 bytes; openssl`));
      expect(refusal({ file: file({ [name]: short }) })).not.toContain(short);
      expect(resolveConfig({ env: { [env]: `${short}é` } }).config[name]).toBe(`${short}é`);
    }
    for (const value of ['', 1, null, ['x']]) {
      expect(refusal({ file: file({ [name]: value }) })).toMatch(/^server\.json: \w+: must be /);
    }
  });

  test.each(['https://user:hunter2@a.example', 'https://hunter2@a.example', 'https://u:hunt/er2@a.example'])(
    '[SRV-17] where the keys are, %s, holds no password; it is refused without it',
    (url) => {
      const shown = '--jwks-url: "https://…@a.example" must be an https:// address without a password';
      expect(refusal({ flags: { jwksUrl: url } })).toContain(shown);
      expect(refusal({ file: file({ jwksUrl: [url] }) })).not.toContain('hunt');
      const options = { auth: 'token', jwksUrl: url, jwtIssuer: 'i', jwtAudience: 'a' } as const;
      const fault = faultOf(() => createStandaloneServer(options));
      expect(fault).toMatch(/^jwksUrl: 'https:\/\/…@a\.example' must be/);
    },
  );

  test('[SRV-17] the token of the metrics has 16 characters at least, and no space', () => {
    const read = (text: string) => resolveConfig({ env: { SIGNAL_METRICS_TOKEN: text } }).config.metricsToken;
    expect(read('0123456789abcdef')).toBe('0123456789abcdef');
    for (const text of ['0123456789abcde', '01234567 89abcdef', '0123456789abcdef\n', ' '.repeat(16)]) {
      expect(() => read(text)).toThrow(/^SIGNAL_METRICS_TOKEN: must be at least 16 characters/);
    }
  });

  test('[SRV-3] whatever is written, the answer is a configuration or one line', () => {
    const anyFile = fc.dictionary(fc.constantFrom(...SETTING_NAMES, 'other'), fc.jsonValue(), {
      noNullPrototype: true,
    });
    const anyFlags = fc.dictionary(fc.constantFrom(...SETTING_NAMES), fc.string(), { noNullPrototype: true });
    const anyEnv = fc.dictionary(fc.constantFrom(...SETTING_NAMES.map((name) => SETTINGS[name].env)), fc.string());
    fc.assert(
      fc.property(anyFile, anyFlags, anyEnv, (values, flags, env) => {
        try {
          resolveConfig({ flags, env, file: file(values) });
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          expect(String(error)).not.toContain('\n');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('agreement with signal-core', () => {
  const extremes = {
    path: ['/a', '/a/b.c~d-e_f'],
    origins: ['*', [], ['http://localhost:5173', 'https://app.example']],
    ringTimeoutMs: [1, 2 ** 31 - 1],
    graceMs: [1, 2 ** 31 - 1],
    maxCallsPerUser: [1, 1000],
    trustProxy: [0, 3, ['10.0.0.0/8', '192.0.2.1', 'fd00::/8', '::1'], ['0.0.0.0/1', '::/1']],
    icePolicy: ['all', 'relay-only'],
    metrics: [true, false],
    limits: ['standard', 'relaxed', 'off'],
  };

  test.each(Object.entries(extremes))('[SRV-3] what %s accepts here, signal-core accepts', async (option, values) => {
    const name = option === 'origins' ? 'corsOrigin' : option;
    for (const value of values) {
      expect(resolveConfig({ file: file({ [name]: value }) }).config).toHaveProperty(name, value);
      await new SignalingServer({ auth: 'open', [option]: value }).close();
    }
  });
});
