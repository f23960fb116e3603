import { randomUUID } from 'node:crypto';
import { Durations } from '../histograms.js';
import type { Outcome } from '../phases.js';
import type { LoadPlan } from '../plan.js';
import { randomOf } from '../random.js';
import type { Audit } from '../result.js';
import type { PlannedCall } from '../schedule.js';
import { type Descriptions, describer } from './descriptions.js';
import { Lines } from './lines.js';
import { LoadCall } from './load-call.js';
import type { LoadUser } from './load-user.js';
import { watchLoop } from './loop-delay.js';
import type { JoinOrder, News, WorkerReport } from './messages.js';
import { Placer } from './placer.js';
import { Population } from './population.js';
import { RawDurations } from './raw-durations.js';
import type { RtcCalls } from './rtc-calls.js';
import { SteadyPlacer } from './steady-placer.js';
import { Switchboard } from './switchboard.js';
import { Tally } from './tally.js';

const CHECK_EVERY_MS = 100;
const PING_EVERY_MS = 500;
/** Draws of who calls whom; calls have the streams from 0 on, arrivals -1. */
const PAIRING = -2;
const MIB = 2 ** 20;

/** One process of the load: its users, and the calls between them. */
export class LoadWorker {
  readonly #plan: LoadPlan;
  readonly #number: number;
  readonly #tell: (news: News) => void;
  readonly #tally: Tally;
  readonly #loopDelay = new Durations();
  readonly #switchboard: Switchboard;
  readonly #population: Population;
  readonly #placer: Placer | SteadyPlacer;
  readonly #orphans: Audit['orphans'] = [];
  readonly #describe: (tag: string) => Descriptions;
  readonly #stops: (() => void)[] = [];
  /** Sets the names of this run's candidates apart from those of another. */
  readonly #run = randomUUID().slice(0, 8);
  /** Loaded when there is a sample: it is much, and native. */
  #rtc: RtcCalls | undefined;
  #lines: Lines | undefined;
  #sequence = 0;
  #isDraining = false;

  constructor({ plan, worker: number, durationsFile }: JoinOrder, tell: (news: News) => void) {
    this.#plan = plan;
    this.#number = number;
    this.#tell = tell;
    this.#tally = new Tally(durationsFile === undefined ? undefined : new RawDurations(durationsFile));
    this.#switchboard = new Switchboard(this.#tally);
    this.#describe = describer(plan.mix.sdp);
    this.#population = new Population(plan, number, {
      tally: this.#tally,
      onEvent: (user, event, payload) => this.#receive(user, event, payload),
      onLost: (user) => this.#lose(user),
    });
    const options = {
      plan,
      worker: number,
      place: (call: PlannedCall, dueAt: number) => this.#place(call, dueAt),
      onEnd: () => tell({ type: 'placed' }),
    };
    const { arrivals } = plan;
    this.#placer = arrivals.model === 'closed' ? new SteadyPlacer(options, arrivals.concurrent) : new Placer(options);
  }

  async join(): Promise<void> {
    this.#repeat(CHECK_EVERY_MS, () => this.#check());
    if (this.#plan.rtcSample > 0) await this.#joinForRtc();
    await this.#population.join();
    const online = this.#population.users.filter(({ isOnline }) => isOnline);
    this.#lines = new Lines(this.#plan, online, randomOf(this.#plan.seed + this.#number, PAIRING));
    this.#tell({ type: 'joined' });
  }

  /** @param at - by `performance.now()` */
  start(at: number): void {
    // what it took to join says nothing of how the calls are placed
    this.#loopDelay.reset();
    this.#stops.push(watchLoop(this.#loopDelay));
    this.#repeat(PING_EVERY_MS, () => void this.#ping());
    this.#placer.start(at);
  }

  scale(factor: number): void {
    this.#placer.scale(factor);
  }

  setPaused(isPaused: boolean): void {
    this.#placer.setPaused(isPaused);
  }

  drain(patienceMs: number): void {
    this.#placer.stop();
    const hurry = setTimeout(() => {
      for (const call of this.#switchboard.calls) call.hurry();
      this.#rtc?.hurry();
    }, patienceMs);
    this.#stops.push(() => clearTimeout(hurry));
    this.#isDraining = true;
    this.#tellWhenDrained();
  }

  /** Whatever still lives is cut off. */
  async leave(): Promise<void> {
    for (const call of this.#switchboard.calls) call.abandon('unfinished');
    for (const stop of this.#stops.splice(0)) stop();
    await Promise.all([this.#population.leave(), this.#rtc?.leave()]);
    await this.#tally.raw?.flush();
    this.#tell({ type: 'left', traces: this.#tally.traces.all(), orphans: this.#orphans });
  }

  report(): WorkerReport {
    const { counters, phases, late } = this.#tally;
    const { user, system } = process.cpuUsage();
    const report = {
      online: this.#population.online,
      concurrent: this.#concurrent,
      counters,
      phases: phases.encode(),
      ...(this.#loopDelay.count > 0 && { loopDelay: this.#loopDelay.encode() }),
      ...(late.count > 0 && { late: late.encode() }),
      cpuSeconds: (user + system) / 1e6,
      rssMiB: process.memoryUsage.rss() / MIB,
    };
    for (const durations of [phases, this.#loopDelay, late]) durations.reset();
    return report;
  }

  get #concurrent(): number {
    return this.#switchboard.size + (this.#rtc?.live ?? 0);
  }

  async #joinForRtc(): Promise<void> {
    const { RtcCalls } = await import('./rtc-calls.js');
    this.#rtc = new RtcCalls({
      plan: this.#plan,
      worker: this.#number,
      over: (outcome, failure) => this.#count(outcome, failure),
    });
    await this.#rtc.join();
  }

  #place(planned: PlannedCall, dueAt: number): boolean {
    const { counters, late } = this.#tally;
    const startedAt = performance.now();
    counters.planned += 1;
    const isPlaced = planned.isRtc && this.#rtc !== undefined ? this.#rtc.place(planned) : this.#play(planned, dueAt);
    counters[isPlaced ? 'placed' : 'dropped'] += 1;
    if (isPlaced) late.record(startedAt - dueAt);
    return isPlaced;
  }

  #play(planned: PlannedCall, dueAt: number): boolean {
    const pair = this.#lines?.take();
    if (pair === undefined) return false;
    this.#sequence += 1;
    const tag = `${this.#run}${this.#number}/${this.#sequence}`;
    const script = {
      planned,
      tag,
      dueAt,
      descriptions: this.#describe(tag),
      ice: this.#plan.mix.ice,
      isGlare: this.#plan.topology === 'glare',
      timeoutMs: this.#plan.stepTimeoutMs,
    };
    const around = {
      tally: this.#tally,
      named: (call: LoadCall, callId: string) => this.#switchboard.named(call, callId),
      over: (call: LoadCall) => this.#over(call),
    };
    const call = new LoadCall(pair, script, around);
    this.#switchboard.add(call);
    call.start();
    return true;
  }

  #over(call: LoadCall): void {
    const { outcome = 'failed', failure, unaware } = call.end;
    this.#switchboard.remove(call);
    this.#tally.traces.offer({ failed: outcome === 'failed', setupMs: call.times.setupMs }, () => call.trace());
    for (const side of unaware) {
      const { callId, caller, callee } = call.trace();
      this.#orphans.push({ callId, caller, callee, why: `the ${side} never heard that it had ended` });
    }
    this.#lines?.release(call.users);
    this.#count(outcome, failure);
  }

  #count(outcome: Outcome, failure: string | undefined): void {
    this.#tally.counters.outcomes[outcome] += 1;
    if (failure !== undefined) this.#tally.failure(failure);
    if (this.#placer instanceof SteadyPlacer) this.#placer.over();
    if (this.#isDraining) this.#tellWhenDrained();
  }

  #receive(user: LoadUser, event: string, payload: unknown): void {
    if (event !== 'pong') this.#switchboard.receive(user, event, payload);
  }

  #lose(user: LoadUser): void {
    this.#tally.failure('connection_lost');
    for (const call of this.#switchboard.calls) {
      if (call.users.caller === user || call.users.callee === user) call.abandon('disconnected');
    }
  }

  #check(): void {
    const now = performance.now();
    for (const call of this.#switchboard.calls) call.check(now);
  }

  async #ping(): Promise<void> {
    const user = this.#population.users.find(({ isOnline }) => isOnline);
    const ms = await user?.ping();
    if (ms !== undefined) this.#tally.time('ping', ms);
  }

  #tellWhenDrained(): void {
    if (this.#concurrent > 0) return;
    this.#isDraining = false;
    this.#tell({ type: 'drained' });
  }

  #repeat(everyMs: number, act: () => void): void {
    const timer = setInterval(act, everyMs);
    this.#stops.push(() => clearInterval(timer));
  }
}
