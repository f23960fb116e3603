import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { PHASES, type Phase } from './phases.js';
import type { Quantiles } from './result.js';

const LONGEST_MS = 600_000;

/** Histograms as text: V2 compressed, in base64. */
export type EncodedPhases = Partial<Record<Phase, string>>;

/** An HdrHistogram of microseconds with three digits, up to ten minutes. */
export class Durations {
  readonly #histogram: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST_MS * 1000,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
  });

  get count(): number {
    return this.#histogram.totalCount;
  }

  /** @param ms - what is longer than ten minutes counts as ten minutes, what is negative as nothing */
  record(ms: number): void {
    this.#histogram.recordValue(Math.round(Math.min(Math.max(ms, 0), LONGEST_MS) * 1000));
  }

  /** Takes in what another process has recorded: merged, never averaged. */
  add(encoded: string): void {
    this.#histogram.add(decodeFromCompressedBase64(encoded));
  }

  encode(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }

  reset(): void {
    this.#histogram.reset();
  }

  /** What so many percent of all took at most, in milliseconds. */
  at(percent: number): number {
    return this.#histogram.getValueAtPercentile(percent) / 1000;
  }

  quantiles(): Quantiles {
    const at = (percent: number) => this.at(percent);
    const { totalCount, mean } = this.#histogram;
    return {
      count: totalCount,
      min: totalCount === 0 ? 0 : at(0),
      mean: totalCount === 0 ? 0 : mean / 1000,
      p50: at(50),
      p90: at(90),
      p95: at(95),
      p99: at(99),
      'p99.9': at(99.9),
      max: at(100),
    };
  }
}

/** What is timed, phase by phase. */
export class PhaseDurations {
  readonly #byPhase = new Map<Phase, Durations>();

  record(phase: Phase, ms: number): void {
    this.#of(phase).record(ms);
  }

  add(encoded: EncodedPhases): void {
    for (const phase of PHASES) {
      const text = encoded[phase];
      if (text !== undefined) this.#of(phase).add(text);
    }
  }

  /** Of the phases that have any. */
  encode(): EncodedPhases {
    return this.#map((durations) => durations.encode());
  }

  quantiles(): Partial<Record<Phase, Quantiles>> {
    return this.#map((durations) => durations.quantiles());
  }

  reset(): void {
    for (const durations of this.#byPhase.values()) durations.reset();
  }

  #of(phase: Phase): Durations {
    const known = this.#byPhase.get(phase);
    if (known !== undefined) return known;
    const durations = new Durations();
    this.#byPhase.set(phase, durations);
    return durations;
  }

  #map<T>(of: (durations: Durations) => T): Partial<Record<Phase, T>> {
    const some = [...this.#byPhase].filter(([, { count }]) => count > 0);
    return Object.fromEntries(some.map(([phase, durations]) => [phase, of(durations)]));
  }
}
