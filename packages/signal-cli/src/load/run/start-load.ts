import { EXIT, type ExitName } from '../../exit-codes.js';
import { Failure } from '../../failure.js';
import { exitOfRun } from '../exit-of-run.js';
import type { LoadPlan } from '../plan.js';
import type { LoadResult, Sample, Summary } from '../result.js';
import type { RunControl, RunObserver } from '../run-control.js';
import { judgeThresholds, type Threshold } from '../thresholds.js';
import { judgeGenerator } from '../verdict.js';
import type { Order, WorkerReport } from '../worker/messages.js';
import { mergeTraces } from '../worker/trace-shelf.js';
import { auditOf, readAfter } from './audit.js';
import { serverCpu, steered } from './judge-run.js';
import { countersOf, cpuSecondsOf, environmentOf, Recorder } from './recorder.js';
import { readServers, type ServerReading } from './server-reading.js';
import { Steering } from './steering.js';
import { within } from './within.js';
import { WorkerProcess } from './worker-process.js';

const SAMPLE_EVERY_MS = 500;
/** From the word to the first call: all workers have heard it by then. */
const RUN_UP_MS = 200;
/** How long calls may go on by themselves once the time is up; after Ctrl-C they hang up at once. */
const PATIENCE_MS = 10_000;
/** How long all that is under way may take to end after Ctrl-C. */
const HASTE_MS = 10_000;
/** How long users may take to leave, and a server to forget its calls. */
const LEAVE_MS = 3_000;

export interface LoadOptions {
  plan: LoadPlan;
  thresholds: readonly Threshold[];
  observer: RunObserver;
  /** Aborted by Ctrl-C: calls end, and what was found until then is the result. */
  signal: AbortSignal;
  /** Of this program. */
  version: string;
  /** Where workers write each duration by itself. */
  durationsFile?: string | undefined;
}

/** A load run while it goes on. */
export interface LoadRun {
  control: RunControl;
  /** @throws Failure when it could not begin */
  result: Promise<LoadResult>;
}

/**
 * Runs a load in processes of their own: what draws and writes delays no call.
 *
 * @see SPEC.md, section LOAD
 */
export function startLoad(options: LoadOptions): LoadRun {
  const run = new Run(options);
  return { control: run, result: run.go() };
}

class Run implements RunControl {
  readonly #options: LoadOptions;
  readonly #recorder: Recorder;
  readonly #workers: WorkerProcess[] = [];
  readonly #ending = new AbortController();
  #stage: Sample['stage'] = 'joining';
  #startedAt = Number.POSITIVE_INFINITY;
  readonly #steering = new Steering();
  #isIncomplete = false;
  #refusal: Failure | undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#recorder = new Recorder(options.plan);
    options.signal.addEventListener('abort', () => this.#ending.abort());
    if (options.signal.aborted) this.#ending.abort();
  }

  scaleRate(factor: number): void {
    if (this.#stage === 'draining') return;
    this.#steering.scale(factor);
    this.#tell({ type: 'scale', factor: this.#steering.factor });
    this.#options.observer.note(`the rate is ${this.#steering.factor.toFixed(2)} times what was planned`);
  }

  setPaused(isPaused: boolean): void {
    if (this.#stage === 'draining') return;
    this.#steering.add({ change: isPaused ? 'paused' : 'resumed' });
    this.#tell({ type: 'pause', isPaused });
    this.#options.observer.note(isPaused ? 'paused: no calls are placed' : 'calls are placed again');
  }

  drain(): void {
    if (this.#stage !== 'draining') this.#steering.add({ change: 'ended' });
    this.#ending.abort();
  }

  async go(): Promise<LoadResult> {
    const { plan } = this.#options;
    const before = await readServers(plan.urls);
    for (let worker = 0; worker < plan.workers; worker += 1) this.#workers.push(this.#fork(worker));
    const timer = setInterval(() => this.#sample(), SAMPLE_EVERY_MS);
    try {
      return await this.#follow(before);
    } finally {
      clearInterval(timer);
      await Promise.all(this.#workers.map((worker) => worker.end()));
    }
  }

  async #follow(before: ServerReading): Promise<LoadResult> {
    const { plan, signal } = this.#options;
    await this.#until('joined');
    if (this.#refusal !== undefined) throw this.#refusal;
    const { cpuSeconds: serverCpuBefore } = await readServers(plan.urls);
    const cpuBefore = cpuSecondsOf(this.#reports);
    const startedAt = new Date();
    this.#start();
    await this.#until('placed');
    const ranMs = Math.max(0, performance.now() - this.#startedAt);
    await this.#drain();
    const cpuSeconds = cpuSecondsOf(this.#reports) - cpuBefore;
    const patience = signal.aborted ? 0 : LEAVE_MS;
    const { cpuSeconds: serverCpuAfter } = await readServers(plan.urls);
    // before the users leave: that ends what the server holds of them
    const { activeCalls } = await readAfter(plan.urls, before, ['activeCalls'], patience);
    await this.#leave();
    const after = { ...(await readAfter(plan.urls, before, ['onlineUsers'], patience)), activeCalls };
    const counters = countersOf(this.#reports);
    const server = serverCpu(serverCpuBefore, serverCpuAfter, counters.placed);
    return this.#result({ startedAt: startedAt.toISOString(), ranMs, counters, server }, cpuSeconds, { before, after });
  }

  #start(): void {
    if (this.#ending.signal.aborted) return;
    this.#startedAt = performance.now() + RUN_UP_MS;
    this.#recorder.began(this.#startedAt);
    this.#stage = 'calling';
    this.#tell({ type: 'start', at: performance.timeOrigin + this.#startedAt });
  }

  async #drain(): Promise<void> {
    const { plan, signal, observer } = this.#options;
    const isHasty = this.#ending.signal.aborted;
    const patienceMs = isHasty ? 0 : PATIENCE_MS;
    this.#stage = 'draining';
    if (signal.aborted) observer.note('no more calls; those that live end now');
    this.#tell({ type: 'drain', patienceMs });
    const limitMs = isHasty ? HASTE_MS : patienceMs + plan.stepTimeoutMs * 2;
    await within(limitMs, Promise.all(this.#workers.map((worker) => worker.reaches('drained'))));
  }

  async #leave(): Promise<void> {
    this.#tell({ type: 'leave' });
    await within(LEAVE_MS, Promise.all(this.#workers.map((worker) => worker.reaches('left'))));
    this.#sample();
  }

  #result(
    found: Pick<Summary, 'startedAt' | 'ranMs' | 'counters' | 'server'>,
    cpuSeconds: number,
    { before, after }: { before: ServerReading; after: ServerReading },
  ): LoadResult {
    const { plan, thresholds, signal, version } = this.#options;
    const { counters } = found;
    const generator = this.#recorder.generator(cpuSeconds, counters.placed);
    const judged = judgeGenerator({ ...generator, planned: counters.planned, dropped: counters.dropped });
    const changes = this.#steering.changes(this.#startedAt);
    const verdict = changes.length > 0 ? steered(judged) : judged;
    const summary: Summary = {
      version: 1,
      ...found,
      isInterrupted: signal.aborted,
      plan,
      changes,
      environment: environmentOf(version),
      verdict,
      asr: counters.placed === 0 ? 0 : (counters.outcomes.completed + counters.outcomes.merged) / counters.placed,
      peakConcurrent: this.#recorder.peakConcurrent,
      phases: this.#recorder.phases(),
      generator,
      audit: auditOf(
        this.#workers.flatMap(({ orphans }) => orphans),
        before,
        after,
      ),
      thresholds: [],
      exitCode: EXIT.ok,
    };
    summary.thresholds = judgeThresholds(thresholds, summary);
    summary.exitCode =
      EXIT[
        exitOfRun({
          isInterrupted: signal.aborted,
          isIncomplete: this.#isIncomplete,
          verdict,
          thresholds: summary.thresholds,
        })
      ];
    return { summary, samples: this.#recorder.samples, traces: mergeTraces(this.#workers.map(({ traces }) => traces)) };
  }

  #fork(number: number): WorkerProcess {
    const { plan, durationsFile } = this.#options;
    const worker = new WorkerProcess(
      {
        report: (report) => this.#recorder.take(report),
        gone: (exit, message) => this.#lose(exit, message),
      },
      Math.ceil(plan.users / plan.workers),
    );
    worker.tell({ type: 'join', plan, worker: number, durationsFile });
    return worker;
  }

  #lose(exit: ExitName, message: string): void {
    this.#isIncomplete = true;
    if (this.#stage === 'joining') {
      this.#refusal ??= new Failure(exit, message);
      this.#ending.abort();
    } else this.#options.observer.note(message);
  }

  #sample(): void {
    if (this.#reports.length === 0) return;
    const atMs = this.#stage === 'joining' ? -1 : performance.now() - this.#startedAt;
    const sample = this.#recorder.sample(this.#reports, { atMs, stage: this.#stage, factor: this.#steering.factor });
    this.#options.observer.sample(sample);
    if (this.#stage === 'calling' && sample.online === 0) {
      this.#isIncomplete = true;
      this.#options.observer.note('nobody is online any more');
      this.#ending.abort();
    }
  }

  get #reports(): WorkerReport[] {
    return this.#workers.flatMap(({ latest }) => latest ?? []);
  }

  #tell(order: Order): void {
    for (const worker of this.#workers) worker.tell(order);
  }

  /** All workers have got there, or the run is to end. */
  async #until(milestone: 'joined' | 'placed'): Promise<void> {
    if (this.#ending.signal.aborted) return;
    const all = Promise.all(this.#workers.map((worker) => worker.reaches(milestone)));
    const ended = new Promise<void>((resolve) => {
      this.#ending.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([all, ended]);
  }
}
