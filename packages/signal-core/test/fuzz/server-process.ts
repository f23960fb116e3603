import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SignalingServerOptions } from 'signal-core';

const MAIN = fileURLToPath(new URL('./fuzz-server.mjs', import.meta.url));
/** Longer than anything is kept for: ended calls, streams, claims to restore. */
const FORGOTTEN_MS = 5 * 60_000;

/** How a server is. */
interface Report {
  /** What threw past every handler, and what was logged as an error. */
  faults: string[];
  /** How many were kicked for flooding. */
  kicks: number;
  /** How often somebody came online. */
  joins: number;
  /** Bytes, after a collection of garbage. */
  rss: number;
  heapUsed: number;
  stats: { activeUsers: number; activeCalls: number; connections: number };
}

/** A server in a process of its own: what kills it does not kill the test. */
export interface ServerProcess {
  url: string;
  port: number;
  report(): Promise<Report>;
  /** The same, once everything that is kept for some minutes has been let go. */
  reportLater(): Promise<Report>;
  /** The exit code, or the signal, once it has ended. */
  readonly end: string | undefined;
  stop(): void;
}

/** Starts one; whoever does stops it. It runs what is built. */
export async function startServerProcess(
  options: Partial<Omit<SignalingServerOptions, 'auth'>>,
  auth: 'open' | 'passwords' | 'jwt' = 'open',
): Promise<ServerProcess> {
  const child = fork(MAIN, [JSON.stringify({ options, auth })], {
    execArgv: ['--expose-gc'],
    // vitest's own settings are not the server's
    env: { PATH: process.env.PATH },
  });
  let end: string | undefined;
  const ended = once(child, 'exit').then(([code, signal]) => {
    end = `ended with ${code ?? signal}`;
    throw new Error(`the server ${end}`);
  });
  ended.catch(() => {});
  // the first message is the address
  const [{ url }] = (await Promise.race([once(child, 'message'), ended])) as [{ url: string }];

  let asked = 0;
  const ask = async (leapMs: number): Promise<Report> => {
    asked += 1;
    const id = asked;
    child.send({ id, leapMs });
    for (;;) {
      const [answer] = (await Promise.race([once(child, 'message'), ended])) as [{ id: number; report: Report }];
      if (answer.id === id) return answer.report;
    }
  };
  return {
    url,
    port: Number(new URL(url).port),
    report: () => ask(0),
    reportLater: () => ask(FORGOTTEN_MS),
    get end() {
      return end;
    },
    stop: () => {
      child.kill('SIGKILL');
    },
  };
}
