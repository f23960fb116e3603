import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { Logger } from 'signal-core';
import { userIdOf } from 'signal-core/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../../signal-server/test/server-process.ts';
import { CANARIES, canaryRun, leaks } from './canary-run.ts';
import { expectNoProcessFaults } from './process-faults.ts';
import { start } from './start.ts';

expectNoProcessFaults();

/** Writes down all that it is given, whatever hangs on it. */
function hoarder() {
  const lines: string[] = [];
  const level = (name: string) => (fields: object, message: string) => {
    lines.push(`${name} ${message} ${inspect(fields, { depth: 20, showHidden: true, maxStringLength: null })}`);
  };
  const logger: Logger = { debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') };
  return { lines, logger };
}

test('[AUTH-4] [METRICS-3] [HOST-8] after a whole run no log, metric or error holds a secret of anybody', async () => {
  const { lines, logger } = hoarder();
  const { url, signaling, close } = await start({
    logger,
    limits: 'off',
    metrics: { token: CANARIES.metricsToken },
    turn: { urls: ['turn:turn.example'], secret: CANARIES.turnSecret },
    iceServers: [{ urls: 'turn:fixed.example', username: 'fixed', credential: CANARIES.turnSecret }],
    auth: {
      passwords: {
        secret: CANARIES.signingSecret,
        check: async (username, password) => {
          if (username === 'broken') throw new Error(`directory: bind ${username} with ${password} failed`);
          return password === CANARIES.password && username !== 'nobody' ? { id: userIdOf(username), username } : null;
        },
      },
    },
    authorizeCall: ({ to }) => {
      if (to.id === 'forbidden') throw new Error('the list of friends cannot be read');
      return true;
    },
  });
  onTestFinished(close);
  for (const event of ['userOnline', 'callStarted', 'callEnded'] as const) {
    signaling.on(event, () => {
      throw new Error(`a listener of ${event}`);
    });
  }
  const broken = await fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'broken', password: CANARIES.password }),
  });
  expect(broken.status).toBe(503);
  const { secrets, told } = await canaryRun(url);
  told.push(await broken.text());
  await close();
  expect(lines.join('\n')).toMatch(/a hook of the host failed[\s\S]*a listener of the host failed/);
  expect(leaks(secrets, [...lines, ...told])).toEqual([]);
  expect(leaks(secrets, [`x${secrets.aliceToken}`, JSON.stringify(secrets)])).toHaveLength(Object.keys(secrets).length);
});

test('[AUTH-4] [METRICS-3] nor does what signal-server writes at debug', async () => {
  // imported late: it belongs to another package, which is built
  const { hashPassword } = await import('../../../signal-server/src/users/password-hash.ts');
  const folder = mkdtempSync(join(tmpdir(), 'canary-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const hash = await hashPassword(CANARIES.password);
  const users = ['alice', 'bob'].map((username) => ({
    id: userIdOf(username),
    username,
    hash,
    createdAt: '2020-01-01T00:00:00.000Z',
  }));
  const file = join(folder, 'users.json');
  writeFileSync(file, JSON.stringify({ version: 1, users }), { mode: 0o600 });
  const flags = ['--auth', 'passwords', '--users', file, '--limits', 'off', '--metrics', 'true'];
  const turn = ['--turn-url', 'turn:turn.example'];
  const server = run(['--port', '0', '--host', '127.0.0.1', '--log-level', 'debug', ...flags, ...turn], {
    env: {
      SIGNAL_SECRET: CANARIES.signingSecret,
      SIGNAL_TURN_SECRET: CANARIES.turnSecret,
      SIGNAL_METRICS_TOKEN: CANARIES.metricsToken,
    },
  });
  const { url } = await server.line('listening');
  const { secrets, told } = await canaryRun(String(url));
  server.child.kill();
  const { stdout, stderr } = await server.ended;
  expect(stdout.split('\n').length).toBeGreaterThan(5);
  expect(leaks({ ...secrets, hash }, [...stdout.split('\n'), stderr, ...told])).toEqual([]);
});
