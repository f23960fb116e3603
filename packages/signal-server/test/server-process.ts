import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const BIN = fileURLToPath(new URL('../bin/signal-server.js', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

type LogLine = Record<string, unknown> & { msg: string };

export interface ServerProcess {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** The first JSON log line with this message, also when it is already there; rejects when the process ends without it. */
  line(msg: string): Promise<LogLine>;
  /** Every JSON log line so far. */
  lines(): LogLine[];
}

export interface RunOptions {
  env?: Record<string, string>;
  /** The program and the arguments before ours; the bin of this package otherwise. */
  command?: [string, ...string[]];
  detached?: boolean;
  /** Whether it has a standard input to write to. */
  stdin?: boolean;
}

/** Runs the real bin in an environment without settings of ours; it is killed when the test ends. */
export function run(args: string[], options: RunOptions = {}): ServerProcess {
  const [program, ...before] = options.command ?? [process.execPath, BIN];
  const child = spawn(program, [...before, ...args], {
    cwd: ROOT,
    env: { ...neutralEnv(), ...options.env },
    detached: options.detached ?? false,
    stdio: [options.stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });

  let stdout = '';
  let stderr = '';
  const waiting: (() => void)[] = [];
  const look = () => {
    for (const retry of waiting.splice(0)) retry();
  };
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
    look();
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const lines = (): LogLine[] =>
    stdout
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));

  return {
    child,
    ended,
    lines,
    line: (msg) =>
      new Promise((resolve, reject) => {
        const retry = () => {
          const found = lines().find((line) => line.msg === msg);
          if (found) resolve(found);
          else waiting.push(retry);
        };
        retry();
        ended.then(() => reject(new Error(`ended without "${msg}":\n${stdout}${stderr}`)), reject);
      }),
  };
}

/** What this process was started with, less what would be a setting. */
function neutralEnv(): NodeJS.ProcessEnv {
  const settings = /^(PORT|HOST|CORS_ORIGIN|REDIS_URL|NODE_ENV|NODE_OPTIONS|SIGNAL_.*|NO_COLOR|FORCE_COLOR)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !settings.test(name)));
}
