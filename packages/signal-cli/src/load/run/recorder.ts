import { cpus, hostname } from 'node:os';
import { noCounters, sumCounters } from '../counters.js';
import { Durations, PhaseDurations } from '../histograms.js';
import type { LoadPlan } from '../plan.js';
import { rateAt } from '../rate.js';
import type { Counters, Sample, Summary } from '../result.js';
import type { WorkerReport } from '../worker/messages.js';

const MIB = 2 ** 20;

/** Puts what the workers report together: samples while the run goes on, and all of it in the end. */
export class Recorder {
  readonly samples: Sample[] = [];
  readonly #takenAt: number[] = [];
  readonly #plan: LoadPlan;
  readonly #phases = new PhaseDurations();
  readonly #loopDelay = new Durations();
  readonly #late = new Durations();
  /** Since the last sample. */
  readonly #recent = { phases: new PhaseDurations(), loopDelay: new Durations(), late: new Durations() };
  #peakConcurrent = 0;
  #peakRssMiB = 0;
  #lastCpu = { seconds: 0, at: performance.now() };

  constructor(plan: LoadPlan) {
    this.#plan = plan;
  }

  take({ phases, loopDelay, late }: WorkerReport): void {
    const recent = this.#recent;
    for (const each of [this.#phases, recent.phases]) each.add(phases);
    if (loopDelay !== undefined) for (const each of [this.#loopDelay, recent.loopDelay]) each.add(loopDelay);
    if (late !== undefined) for (const each of [this.#late, recent.late]) each.add(late);
  }

  /** @param moment - where in the run this is, and how many times as many calls a person asked for */
  sample(
    workers: readonly WorkerReport[],
    { atMs, stage, factor }: Pick<Sample, 'atMs' | 'stage'> & { factor: number },
  ): Sample {
    const concurrent = sum(workers, (worker) => worker.concurrent);
    const rssMiB = process.memoryUsage.rss() / MIB + sum(workers, (worker) => worker.rssMiB);
    const sample: Sample = {
      atMs,
      stage,
      online: sum(workers, ({ online }) => online),
      concurrent,
      targetPerSecond: stage === 'calling' ? this.#target(atMs) * factor : 0,
      counters: countersOf(workers),
      recent: this.#recent.phases.quantiles(),
      generator: {
        cpuPercent: this.#cpuPercent(workers),
        rssMiB,
        loopDelayMs: this.#recent.loopDelay.quantiles().p99,
        lateMs: this.#recent.late.quantiles().p99,
      },
    };
    for (const each of Object.values(this.#recent)) each.reset();
    this.#peakConcurrent = Math.max(this.#peakConcurrent, concurrent);
    this.#peakRssMiB = Math.max(this.#peakRssMiB, rssMiB);
    this.samples.push(sample);
    this.#takenAt.push(performance.now());
    return sample;
  }

  /** Samples before the calls: now it is known how long before. */
  began(startedAt: number): void {
    for (const [at, sample] of this.samples.entries()) sample.atMs = (this.#takenAt[at] ?? 0) - startedAt;
  }

  phases(): Summary['phases'] {
    const quantiles = this.#phases.quantiles();
    const histograms = this.#phases.encode();
    return Object.fromEntries(
      Object.entries(quantiles).map(([phase, figures]) => [
        phase,
        // both are of the phases that were timed
        { ...figures, histogram: histograms[phase as keyof typeof histograms] ?? '' },
      ]),
    );
  }

  generator(cpuSeconds: number, placed: number): Summary['generator'] {
    return {
      cpuSeconds,
      cpuMsPerCall: placed === 0 ? 0 : (cpuSeconds * 1000) / placed,
      peakRssMiB: this.#peakRssMiB,
      loopDelayMs: this.#loopDelay.quantiles(),
      lateMs: this.#late.quantiles(),
    };
  }

  get peakConcurrent(): number {
    return this.#peakConcurrent;
  }

  #target(atMs: number): number {
    const { arrivals } = this.#plan;
    return arrivals.model === 'open' ? rateAt(arrivals.stages, Math.max(0, atMs)) : 0;
  }

  #cpuPercent(workers: readonly WorkerReport[]): number {
    const now = { seconds: cpuSecondsOf(workers), at: performance.now() };
    const { seconds, at } = this.#lastCpu;
    this.#lastCpu = now;
    return now.at === at ? 0 : Math.max(0, ((now.seconds - seconds) * 100_000) / (now.at - at));
  }
}

export function countersOf(workers: readonly WorkerReport[]): Counters {
  return workers.length === 0 ? noCounters() : sumCounters(workers.map(({ counters }) => counters));
}

/** Of this process and of the workers, up to now. */
export function cpuSecondsOf(workers: readonly WorkerReport[]): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + sum(workers, ({ cpuSeconds }) => cpuSeconds);
}

export function environmentOf(version: string): Summary['environment'] {
  return {
    cli: version,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpus: cpus().length,
    host: hostname(),
  };
}

function sum(workers: readonly WorkerReport[], of: (worker: WorkerReport) => number): number {
  return workers.reduce((total, worker) => total + of(worker), 0);
}
