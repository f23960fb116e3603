import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { helpText, parseArguments } from '../src/arguments.ts';
import { readConfigFile } from '../src/config-file.ts';
import { SETTING_NAMES, SETTINGS } from '../src/flags.ts';
import { DEFAULT_CONFIG } from '../src/server-config.ts';
import { settingHelp } from '../src/setting-help.ts';
import { UsageError } from '../src/usage-error.ts';
import { written } from './folder.ts';
import { type RunOptions, run } from './server-process.ts';

/** Runs to the end what must be refused, and returns the one line. */
async function refused(args: string[], options?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await run(args, options).ended;
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^signal-server: [^\n]+\n$/);
  return stderr;
}

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describe('wrong usage is one line on stderr and exit code 2', () => {
  test('[SRV-3] an unknown flag, a flag without its value, an argument', async () => {
    expect(await refused(['--prot', '1'])).toContain("unknown option '--prot' (Did you mean --port?)");
    expect(() => parseArguments(['--port'])).toThrow("option '--port <number>' argument missing");
    expect(() => parseArguments(['start'])).toThrow('too many arguments');
  });

  test('[SRV-3] a bad value of a flag, a variable and a file key', async () => {
    expect(await refused(['--auth', 'tokens'])).toContain('--auth: "tokens" must be one of open, token, passwords');
    expect(await refused([], { env: { SIGNAL_RING_TIMEOUT: '60' } })).toContain('SIGNAL_RING_TIMEOUT: "60" must be');
    const path = written('{"graceMs": "long"}');
    expect(await refused(['--config', path])).toContain(`${path}: graceMs: "long" must be`);
  });

  test('[SRV-3] a config file that cannot be read, is no JSON, or holds no object', async () => {
    expect(await refused([], { env: { SIGNAL_CONFIG: '/nowhere.json' } })).toContain(
      '/nowhere.json: cannot be read (ENOENT)',
    );
    for (const [path, reason] of [
      [tmpdir(), 'cannot be read (EISDIR)'],
      [written('{"port": 1,\n}'), 'is no valid JSON'],
      [written(''), 'is no valid JSON'],
      [written('[3001]'), 'must hold a JSON object'],
      [written('null'), 'must hold a JSON object'],
    ] as const) {
      expect(() => readConfigFile(path)).toThrow(UsageError);
      expect(() => readConfigFile(path)).toThrow(`${path}: ${reason}`);
    }
    expect(readConfigFile(written('\uFEFF{"port": 1}')).values).toEqual({ port: 1 });
  });

  test('[SRV-4] a taken port is named, with how to choose another', async () => {
    const port = await takenPort();
    const line = await refused(['--port', String(port)]);
    expect(line).toContain(`port ${port} on 127.0.0.1 is taken`);
    expect(line).toContain('choose another with --port (or PORT); --port 0 takes a free one');
  });

  test('[SRV-4] a host that is no address of this machine is named', async () => {
    // 192.0.2.1 would be somebody's address; 203.0.113.0/24 is kept for documentation (RFC 5737).
    expect(await refused(['--port', '0', '--host', '203.0.113.7'])).toContain(
      'host 203.0.113.7 is no address of this machine',
    );
  });
});

describe('NODE_ENV=production', () => {
  const env = { NODE_ENV: 'production' };

  test('[SRV-6] the server refuses to be open by default, and prints the command that works', async () => {
    const line = await refused(['--port', '0', '--cors-origin', '*'], { env });
    const [, command = ''] = /: npx signal-server (.+)\n$/.exec(line) ?? [];
    expect(command).toBe("--port 0 --cors-origin '*' --auth open");
    const server = run(['--port', '0', '--cors-origin', '*', '--auth', 'open'], { env });
    expect(await server.line('listening')).toMatchObject({ auth: 'open' });
  });

  test('[SRV-6] the variable and the file write it out as well', async () => {
    const byEnv = run(['--port', '0'], { env: { ...env, SIGNAL_AUTH: 'open' } });
    const byFile = run(['--port', '0', '--config', written('{"auth": "open"}')], { env });
    expect(await byEnv.line('listening')).toMatchObject({ auth: 'open' });
    expect(await byFile.line('listening')).toMatchObject({ auth: 'open' });
  });
});

describe('questions', () => {
  test('[SRV-2] --help lists every flag with its variable, file key and default', async () => {
    const { code, stdout, stderr } = await run(['--help']).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const text = stdout.replace(/\s+/g, ' ');
    for (const name of SETTING_NAMES) {
      const { flag, env, placeholder } = SETTINGS[name];
      const written =
        flag === undefined
          ? env
          : `${flag} ${name === 'metrics' || name === 'page' ? `[${placeholder}]` : `<${placeholder}>`}`;
      expect(text).toContain(`${written} ${settingHelp(name, DEFAULT_CONFIG)}`);
    }
    for (const part of [
      '[env PORT, file key port, default 3001]',
      '[env HOST, file key host, default this machine only]',
      '[env SIGNAL_GRACE, file key graceMs, default 15s]',
      '[env SIGNAL_TOKEN_TTL, file key tokenTtlMs, default 12h]',
      '[env SIGNAL_USERS, file key users]',
      'SIGNAL_JWT_SECRET token: the secret shared with the issuer (HS256) [file key jwtSecret]',
    ]) {
      expect(text).toContain(part);
    }
    for (const flag of ['--config', '--print-config', '--version', '--help']) expect(text).toContain(` ${flag} `);
  });

  test('[SRV-2] --help is as wide as the terminal, at most 100 columns', () => {
    const widest = (columns: number) =>
      Math.max(
        ...helpText(DEFAULT_CONFIG, columns)
          .split('\n')
          .map((line) => line.length),
      );
    expect(widest(80)).toBeLessThanOrEqual(80);
    expect(widest(300)).toBeGreaterThan(80);
    expect(widest(300)).toBeLessThanOrEqual(100);
  });

  test('[SRV-2] -h and -V are short for --help and --version', () => {
    expect(parseArguments(['-h'])).toEqual({ kind: 'help' });
    expect(parseArguments(['-V'])).toEqual({ kind: 'version' });
  });

  test('[SRV-2] the README lists the same flags, variables and file keys', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| (?:`(--\S+)`|none) \| `(\w+)` \| `(\w+)` \|/gm)].map(([, ...cells]) => cells);
    expect(rows).toEqual(SETTING_NAMES.map((name) => [SETTINGS[name].flag, SETTINGS[name].env, name]));
  });

  test('[SRV-2] --print-config prints each setting with its value and where that comes from', async () => {
    const path = written('{"graceMs": 9000, "port": 1}');
    const { code, stdout } = await run(['--print-config', '--config', path, '--port', '0'], {
      env: { CORS_ORIGIN: 'https://app.example' },
    }).ended;
    expect(code).toBe(0);
    const printed = JSON.parse(stdout);
    expect(Object.keys(printed)).toEqual(SETTING_NAMES);
    expect(printed).toMatchObject({
      port: { value: 0, source: 'flag --port' },
      graceMs: { value: 9000, source: `file ${path}` },
      corsOrigin: { value: ['https://app.example'], source: 'env CORS_ORIGIN' },
      host: { value: null, source: 'default' },
    });
  });

  test('[SRV-2] --version prints the version of the package', async () => {
    const { default: manifest } = await import('../package.json', { with: { type: 'json' } });
    expect(await run(['--version']).ended).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });
});
