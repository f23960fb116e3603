import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../free-port.ts';

/** A real balancer before several servers. */
export interface Balancer {
  url: string;
  stop(): Promise<void>;
}

/** @param port - where the balancer is to listen */
export type Configure = (port: number) => string;

interface Program {
  command: string;
  /** Of a configuration that is in a directory of its own. */
  args(dir: string): string[];
  /** What it says once it listens. */
  ready: RegExp;
}

const NGINX: Program = {
  command: 'nginx',
  args: (dir) => ['-p', dir, '-c', 'config', '-e', 'stderr'],
  ready: /start worker process \d/,
};

const HAPROXY: Program = {
  command: 'haproxy',
  args: (dir) => ['-W', '-db', '-f', join(dir, 'config')],
  ready: /Loading success/,
};

/** Says which node answered a request, as `host:port`. */
export const NODE_HEADER = 'x-node';

/** Around what goes into `http { }`: everything in the directory; each client says where it comes from. */
const aroundHttp = (http: string) => `
daemon off;
pid nginx.pid;
worker_processes 1;
error_log stderr notice;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  set_real_ip_from 127.0.0.1;
  real_ip_header X-Forwarded-For;
  add_header ${NODE_HEADER} $upstream_addr always;
  ${http}
}`;

/** @param configure - what goes into `http { }` */
export const startNginx = (configure: Configure) => start(NGINX, (port) => aroundHttp(configure(port)));

/** @param configure - the whole configuration */
export const startHaproxy = (configure: Configure) => start(HAPROXY, configure);

/** Whether a balancer is installed; says so where it is not. */
export function isInstalled(command: 'nginx' | 'haproxy'): boolean {
  try {
    execFileSync(command, ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write(`SKIPPED: the suites behind ${command} need it (apt-get install ${command})\n`);
    return false;
  }
}

async function start(program: Program, configure: Configure): Promise<Balancer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { url: `http://127.0.0.1:${port}`, stop: await run(program, configure(port)) };
    } catch (error) {
      // somebody may have been faster on that port
      if (attempt === 3) throw error;
    }
  }
}

/** @returns how to stop it, once it listens */
async function run({ command, args, ready }: Program, config: string): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'signal-balancer-'));
  // the workers of nginx are somebody else when root starts it
  chmodSync(dir, 0o711);
  writeFileSync(join(dir, 'config'), config);
  const child = spawn(command, args(dir), { stdio: ['ignore', 'ignore', 'pipe'] });
  const stop = async () => {
    process.off('exit', kill);
    await stopped(child);
    rmSync(dir, { recursive: true, force: true });
  };
  const kill = () => child.kill('SIGTERM');
  process.once('exit', kill);
  const said: string[] = [];
  const isUp = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', () => resolve(false));
    createInterface(child.stderr).on('line', (line) => {
      if (said.length < 20) said.push(line);
      if (ready.test(line)) resolve(true);
    });
  });
  if (isUp) return stop;
  await stop();
  throw new Error(`${command} did not start:\n${said.join('\n')}`);
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
