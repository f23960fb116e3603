import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../../signal-server/bin/signal-server.js', import.meta.url));

/** A server on a free port of this machine. */
export async function startServer() {
  const flags = ['--auth', 'open', '--metrics', '--host', '127.0.0.1', '--port', '0'];
  const child = spawn(process.execPath, [LAUNCHER, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url } = JSON.parse(line);
    if (msg !== 'listening') continue;
    child.stdout.resume();
    return { url, stop: () => child.kill('SIGKILL') };
  }
  throw new Error('the server has stopped');
}
