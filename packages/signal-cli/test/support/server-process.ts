import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../../signal-server/bin/signal-server.js', import.meta.url));

/** A signaling server that can be killed. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly url: string;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /**
   * @param port - 0 for a free one
   * @param options - flags and variables of another mode than `open`
   */
  static async start(
    port = 0,
    { args = ['--auth', 'open'], env = {} }: { args?: string[]; env?: Record<string, string> } = {},
  ): Promise<ServerProcess> {
    const child = spawn(process.execPath, [LAUNCHER, ...args, '--host', '127.0.0.1', '--port', String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const { msg, url } = JSON.parse(line);
      if (msg !== 'listening') continue;
      child.stdout.resume();
      return new ServerProcess(child, url);
    }
    throw new Error('the server has stopped');
  }

  /** Without goodbye. */
  async kill(): Promise<void> {
    const gone = once(this.#child, 'exit');
    if (this.#child.kill('SIGKILL')) await gone;
  }

  /** Answers nothing any more, and stays. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  /** Another one in its place. */
  restart(): Promise<ServerProcess> {
    return ServerProcess.start(Number(new URL(this.url).port));
  }
}
