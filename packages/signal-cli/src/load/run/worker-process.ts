import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ExitName } from '../../exit-codes.js';
import { type Deferred, deferred } from '../../session/deferred.js';
import type { Audit, Trace } from '../result.js';
import type { News, Order, WorkerReport } from '../worker/messages.js';

const PROGRAM = fileURLToPath(new URL('../worker/main.js', import.meta.url));

/** How long a process may take to end by itself. */
const END_MS = 300;

/** The steps of a worker that its parent waits for. */
const MILESTONES = ['joined', 'placed', 'drained', 'left'] as const;
type Milestone = (typeof MILESTONES)[number];

interface Watcher {
  report(report: WorkerReport): void;
  /** It cannot go on, or is gone before its time; once. */
  gone(exit: ExitName, message: string): void;
}

/** A worker, as its parent sees it. */
export class WorkerProcess {
  /** The last it said of itself. */
  latest: WorkerReport | undefined;
  traces: Trace[] = [];
  orphans: Audit['orphans'] = [];
  readonly #child: ChildProcess;
  readonly #reached: Record<Milestone, Deferred<void>> = {
    joined: deferred(),
    placed: deferred(),
    drained: deferred(),
    left: deferred(),
  };
  #isGone = false;
  readonly #kill = () => void this.#child.kill('SIGKILL');

  /** @param users - how many it will have */
  constructor(watcher: Watcher, users: number) {
    // a diagnosis of Node belongs on stderr; results are the parent's
    this.#child = fork(PROGRAM, {
      execArgv: [...process.execArgv, ...heapFlags(users)],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    process.once('exit', this.#kill);
    this.#child.once('exit', () => process.off('exit', this.#kill));
    const gone = (exit: ExitName, message: string) => {
      if (this.#isGone) return;
      this.#isGone = true;
      for (const milestone of MILESTONES) this.#reached[milestone].resolve();
      watcher.gone(exit, message);
    };
    // sent by the same build
    this.#child.on('message', (news: News) => {
      if (news.type === 'failed') gone(news.exit, news.message);
      else if (news.type === 'report') {
        this.latest = news.report;
        watcher.report(news.report);
      } else {
        if (news.type === 'left') ({ traces: this.traces, orphans: this.orphans } = news);
        this.#reached[news.type].resolve();
      }
    });
    this.#child.on('error', (error) => gone('internal', `a worker process failed: ${error.message}`));
    this.#child.on('exit', (code, signal) =>
      gone('internal', `a worker process ended: ${signal ?? `exit code ${code}`}`),
    );
  }

  tell(order: Order): void {
    // nobody is there to hear it, once the process has ended
    if (this.#child.connected) this.#child.send(order, () => {});
  }

  /** Resolves when it has got there, or never will. */
  reaches(milestone: Milestone): Promise<void> {
    return this.#reached[milestone].promise;
  }

  /** Resolves once the process is gone: by itself, or by force where it does not hear any more. */
  async end(): Promise<void> {
    this.#isGone = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    const force = setTimeout(this.#kill, END_MS);
    await exited;
    clearTimeout(force);
  }
}

/**
 * Where much memory is there, V8 lets a heap grow to four times what is in use; with a limit of its own it stays near it.
 * The limit leaves room for the calls that wait while a server stands still.
 */
function heapFlags(users: number): string[] {
  return [`--max-old-space-size=${512 + Math.ceil(users / 5)}`, '--max-semi-space-size=8'];
}
