import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { TRANSPORTS } from './legacy-client.ts';
import { start } from './start.ts';

/** Debian's interpreter: others on the PATH do not see Debian's packages. */
const PYTHON = '/usr/bin/python3';
const PACKAGES = ['python3-socketio', 'python3-websocket', 'python3-requests'];
const SCRIPT = fileURLToPath(new URL('./legacy_client.py', import.meta.url));

const ROWS = [
  'POST /api/login',
  'POST /api/login refused',
  'GET /api/users',
  'GET /api/online-users',
  'GET /health',
  'join -> join_success',
  'users_updated',
  'ping -> pong',
  'call_user -> incoming_call',
  'call_status ringing',
  'call_status user_offline',
  'candidates wait for the answer',
  'accept_call -> call_accepted',
  'ice_candidate',
  'reject_call -> call_rejected',
  'end_call -> call_ended',
  'a caller who leaves -> call_ended',
  'a user who leaves -> users_updated',
  'signal_error',
  'acknowledgement',
];

function runs(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: 300_000 });
    return true;
  } catch {
    return false;
  }
}

const hasClient = () => runs(PYTHON, '-c', 'import socketio, websocket, requests');

/** Finds python-socketio, or installs it where it may: as root on Debian. */
function provideClient(): boolean {
  if (hasClient()) return true;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false;
  return runs('apt-get', 'update') && runs('apt-get', 'install', '-y', ...PACKAGES) && hasClient();
}

const isProvided = provideClient();
if (!isProvided) process.stderr.write(`SKIPPED: the Python client suite needs ${PACKAGES.join(', ')} for ${PYTHON}\n`);

describe.each(TRANSPORTS)('python-socketio over %s', (transport) => {
  test.skipIf(!isProvided && process.env.CI !== 'true')(
    '[REST-1] [JOIN-1] [PRES-2] [CALL-1] [ICE-2] a foreign legacy client works through every row of the protocol',
    async () => {
      expect(isProvided, `${PACKAGES.join(', ')} are required where CI=true`).toBe(true);
      // python-socketio often closes its connection before its goodbye is out: then it counts as lost.
      const server = await start({ ringingGraceMs: 500, presenceGraceMs: 500 });
      onTestFinished(() => server.close());
      const { stdout } = await promisify(execFile)(PYTHON, [SCRIPT, server.url, transport], { timeout: 60_000 });
      const report = JSON.parse(stdout) as { transport: string; rows: Record<string, unknown>; failure: string | null };
      expect(report).toEqual({
        transport,
        rows: Object.fromEntries(ROWS.map((row) => [row, true])),
        failure: null,
      });
    },
    90_000,
  );
});
