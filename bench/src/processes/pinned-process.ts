import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Question, Reply, Tasks } from './tasks.js';

interface Options {
  /** File name of the compiled program, without folder. */
  program: string;
  arguments?: string[];
  nodeFlags?: string[];
  core: number | undefined;
  /** Runs only while nothing else on its core wants to. */
  isBackground?: boolean;
}

/** SCHED_IDLE (sched(7)): who wakes up on the same core goes first, at once. It takes no privilege. */
const IN_BACKGROUND = ['chrt', '--idle', '0'];

/** A Node process of its own, on a core of its own, that answers questions over IPC. */
export class PinnedProcess<T extends Tasks> {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #questions = 0;

  constructor({ program, arguments: args = [], nodeFlags = [], core, isBackground = false }: Options) {
    // From src (tests) and from dist alike, the compiled program is what runs.
    const path = fileURLToPath(new URL(`../../dist/${program}.js`, import.meta.url));
    const node = [process.execPath, ...nodeFlags, path, ...args];
    // Where there is taskset there is chrt, of the same package.
    const pinned = ['taskset', '-c', String(core), ...(isBackground ? IN_BACKGROUND : []), ...node];
    const [file = '', ...rest] = core === undefined ? node : pinned;
    this.#child = spawn(file, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.on('message', (reply: Reply) => this.#settle(reply));
    this.#child.on('error', (error) => this.#fail(error));
    this.#child.on('exit', (code, signal) => this.#fail(new Error(`${program} ended with ${signal ?? code}`)));
  }

  /** Asks the process to do one of its tasks, and waits for the result. */
  ask<N extends keyof T & string>(task: N, parameters: Parameters<T[N]>[0]): Promise<Awaited<ReturnType<T[N]>>> {
    const question: Question = { id: this.#questions++, task, parameters };
    return new Promise((resolve, reject) => {
      // Parent and child are compiled together: the reply to a task is of its type.
      this.#waiting.set(question.id, { resolve: (result) => resolve(result as Awaited<ReturnType<T[N]>>), reject });
      this.#child.send(question, (error) => error && reject(error));
    });
  }

  /** Resident bytes at this moment, whatever the process is busy with; 0 where the system does not tell. */
  get residentBytes(): number {
    try {
      const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')) ?? [];
      return Number(kilobytes ?? 0) * 1024;
    } catch {
      return 0;
    }
  }

  /** Ends the process at once: what it does on a clean shutdown is not measured. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(new Error(reply.error));
    else waiting?.resolve(reply.result);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
