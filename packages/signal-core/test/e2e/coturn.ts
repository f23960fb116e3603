import { execFile, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Where relays of the tests stand: no other socket of this machine has that address. */
export const RELAY_ADDRESS = '127.0.0.2';

const STUN_BINDING = Buffer.from('000100002112a442', 'hex');
const STARTS_WITHIN_MS = 15_000;

/** Whether Debian's `coturn` is there. In CI it must be; elsewhere one loud line says that it is not. */
export function hasCoturn(): boolean {
  const isThere = ['turnserver', 'turnutils_uclient'].every((name) => spawnSync('which', [name]).status === 0);
  if (isThere || process.env.CI) return true;
  process.stderr.write('\n  SKIPPED: no coturn here, so nothing is relayed for real (apt-get install coturn)\n\n');
  return false;
}

/** A real coturn on 127.0.0.1, over UDP, for the length of one test. @returns its port */
export async function startCoturn(secret: string, ...options: string[]): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'coturn-'));
  const port = await freePort();
  const own = { 'listening-ip': '127.0.0.1', 'listening-port': port, 'relay-ip': RELAY_ADDRESS };
  const files = { pidfile: join(folder, 'pid'), userdb: join(folder, 'db'), 'log-file': 'stdout' };
  const named = Object.entries({ ...own, ...files, 'static-auth-secret': secret, realm: 'test' });
  const args = [...options, ...named.flatMap(([name, value]) => [`--${name}`, String(value)])];
  const server = spawn('turnserver', [...args, '--no-cli', '--no-tcp', '--no-tls', '--no-dtls'], { stdio: 'ignore' });
  const exited = once(server, 'exit');
  onTestFinished(async () => {
    server.kill();
    await exited;
    await rm(folder, { recursive: true });
  });
  await Promise.race([
    answersStun(port),
    exited.then(([code]) => Promise.reject(new Error(`turnserver exited with ${code}`))),
  ]);
  return port;
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Asks until it answers. */
async function answersStun(port: number): Promise<void> {
  const socket = createSocket('udp4');
  const ask = () => socket.send(Buffer.concat([STUN_BINDING, randomBytes(12)]), port, '127.0.0.1');
  const asking = setInterval(ask, 50);
  try {
    await once(socket, 'message', { signal: AbortSignal.timeout(STARTS_WITHIN_MS) });
  } finally {
    clearInterval(asking);
    socket.close();
  }
}

export interface Credentials {
  username: string;
  credential: string;
}

/**
 * coturn's own client relays one packet.
 *
 * @param peer - to whom; without one, to another relay of its own, and back
 * @returns what it says, and whether it thinks that all went well
 */
export function relayOnePacket(port: number, { username, credential }: Credentials, peer?: string): Promise<Relayed> {
  const to = peer === undefined ? ['-y'] : ['-e', peer];
  const args = ['-v', '-c', '-n', '1', '-m', '1', '-p', String(port), '-u', username, '-w', credential, ...to];
  return new Promise((resolve) => {
    const client = execFile('turnutils_uclient', [...args, '127.0.0.1'], { timeout: 20_000 }, (error, stdout) =>
      resolve({ isDone: error === null, says: stdout }),
    );
    // a peer that is nobody never answers, but the way to it is open
    let heard = '';
    client.stdout?.on('data', (chunk) => {
      heard += chunk;
      if (peer !== undefined && /channel bind sent[\s\S]*success: 0x/.test(heard)) client.kill();
    });
  });
}

export interface Relayed {
  isDone: boolean;
  says: string;
}
