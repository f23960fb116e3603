import { SignalingClient } from 'signal-core/client';
import { type AnswerOptions, answerCall } from '../../session/answer-call.js';
import type { CallReport } from '../../session/call-report.js';
import { loadWrtc, type RtcConnectionClass } from '../../session/load-wrtc.js';
import { placeCall } from '../../session/place-call.js';
import { RealPeer } from '../../session/real-peer.js';
import { login } from '../../session/rest.js';
import type { Outcome } from '../phases.js';
import type { LoadPlan } from '../plan.js';
import type { PlannedCall } from '../schedule.js';

// In open mode any password works.
const OPEN_MODE_PASSWORD = 'open';
const MOST_PAIRS = 25;
/** From the answer to the message over the data channel and back, in seconds, at the most that is usual. */
const MEDIA_SECONDS = 1.5;

interface RtcPair {
  caller: SignalingClient;
  callee: SignalingClient;
}

interface Surroundings {
  plan: LoadPlan;
  worker: number;
  over(outcome: Outcome, failure: string | undefined): void;
}

/** The calls of the sample: real connections between users of their own, each with a data channel. */
export class RtcCalls {
  readonly #around: Surroundings;
  readonly #pairs: RtcPair[] = [];
  readonly #free: RtcPair[] = [];
  readonly #live = new Set<AbortController>();
  /** What each callee does with its next call. */
  readonly #answers = new Map<SignalingClient, Omit<AnswerOptions, 'media'>>();
  #PeerConnection: RtcConnectionClass | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  get live(): number {
    return this.#live.size;
  }

  /** @throws Failure `usage` without WebRTC for Node, or as logins are refused */
  async join(): Promise<void> {
    this.#PeerConnection = await loadWrtc();
    const { plan, worker } = this.#around;
    for (let number = 0; number < pairsFor(plan); number += 1) {
      const name = `${plan.prefix}-rtc-${worker}-${number}`;
      const [first = '', second = first] = plan.urls;
      const caller = await this.#connect(first, `${name}-a`);
      const callee = await this.#connect(second, `${name}-b`);
      this.#pairs.push({ caller, callee });
    }
    this.#free.push(...this.#pairs);
  }

  /** @returns whether a pair was free for it */
  place(planned: PlannedCall): boolean {
    const pair = this.#free.pop();
    if (pair === undefined) return false;
    const end = new AbortController();
    this.#live.add(end);
    void this.#play(pair, planned, end).then((report) => {
      this.#live.delete(end);
      this.#free.push(pair);
      const outcome = outcomeOf(report);
      this.#around.over(outcome, outcome === 'failed' ? `rtc: ${report.reason ?? 'failed'}` : undefined);
    });
    return true;
  }

  hurry(): void {
    for (const call of this.#live) call.abort();
  }

  async leave(): Promise<void> {
    await Promise.all(this.#pairs.flatMap(({ caller, callee }) => [caller.close(), callee.close()]));
  }

  async #play({ caller, callee }: RtcPair, planned: PlannedCall, end: AbortController): Promise<CallReport> {
    const { behaviour, answerDelayMs, holdMs } = planned;
    const { stepTimeoutMs } = this.#around.plan;
    const mode = behaviour === 'answer' ? 'accept' : behaviour === 'reject' ? 'reject' : 'ignore';
    this.#answers.set(callee, { mode, delayMs: answerDelayMs, mediaTimeoutMs: stepTimeoutMs, signal: end.signal });
    const patience = behaviour === 'cancel' ? setTimeout(() => end.abort(), answerDelayMs) : undefined;
    const report = await placeCall({
      client: caller,
      to: callee.user,
      callType: 'video',
      media: this.#peer(caller),
      ringTimeoutMs: behaviour === 'no_answer' ? stepTimeoutMs : stepTimeoutMs + answerDelayMs,
      mediaTimeoutMs: stepTimeoutMs,
      holdMs,
      signal: end.signal,
    });
    clearTimeout(patience);
    return report;
  }

  #peer(client: SignalingClient): RealPeer {
    if (this.#PeerConnection === undefined) throw new Error('not joined');
    const { rtcConfiguration: configuration, user } = client;
    return new RealPeer({
      PeerConnection: this.#PeerConnection,
      configuration,
      username: user.username,
      onMilestone: () => {},
    });
  }

  async #connect(url: string, name: string): Promise<SignalingClient> {
    const { path, stepTimeoutMs: timeoutMs } = this.#around.plan;
    const { user, token } = await login({ url: new URL(url), timeoutMs }, name, OPEN_MODE_PASSWORD);
    const client = new SignalingClient({ url: new URL(url).origin, path, user, token, presence: 'none' });
    client.on('incomingCall', (call) => {
      const answer = this.#answers.get(client);
      if (answer !== undefined) void answerCall(call, { ...answer, media: this.#peer(client) });
    });
    await client.connect();
    return client;
  }
}

/** Twice as many as are in a call on average: with too few, calls of the sample would not be placed. */
function pairsFor({ arrivals, mix, rtcSample, workers }: LoadPlan): number {
  const { hold, answerDelay } = mix;
  const lasts = (hold.ms + answerDelay.ms) / 1000 + MEDIA_SECONDS;
  const calls =
    arrivals.model === 'closed'
      ? arrivals.concurrent
      : Math.max(...arrivals.stages.map(({ perSecond }) => perSecond)) * lasts;
  return Math.min(Math.max(1, Math.ceil((calls * rtcSample * 2) / workers)), MOST_PAIRS);
}

function outcomeOf({ outcome, durationMs }: CallReport): Outcome {
  // by the caller who gave up, or since the run is over
  if (outcome === 'interrupted') return durationMs === null ? 'cancelled' : 'completed';
  return outcome;
}
