import { describe, expect, test } from 'vitest';
import type { LoadPlan, Mix } from '../../../src/load/plan.ts';
import { rateAt } from '../../../src/load/rate.ts';
import { schedule } from '../../../src/load/schedule.ts';

const MIX: Mix = {
  hold: { kind: 'exp', ms: 30_000 },
  answerDelay: { kind: 'uniform', ms: 2_000 },
  reject: 0.05,
  noAnswer: 0.03,
  cancel: 0.02,
  ice: 8,
  sdp: 'chrome',
};

function planOf(changes: Partial<LoadPlan> & { spacing?: 'uniform' | 'poisson'; stages?: [number, number][] } = {}) {
  const { spacing = 'uniform', stages = [[0, 50]], ...rest } = changes;
  const plan: LoadPlan = {
    urls: ['http://localhost:3001/'],
    path: '/socket.io',
    seed: 7,
    users: 100,
    prefix: 'load',
    arrivals: { model: 'open', spacing, stages: stages.map(([atMs, perSecond]) => ({ atMs, perSecond })) },
    durationMs: 60_000,
    mix: MIX,
    topology: 'pairs',
    workers: 1,
    rtcSample: 0.01,
    stepTimeoutMs: 5_000,
    ...rest,
  };
  return plan;
}

const callsOf = (plan: LoadPlan) => [...schedule(plan)];
const timesOf = (plan: LoadPlan) => callsOf(plan).map(({ atMs }) => atMs);
const within = (times: number[], from: number, to: number) => times.filter((at) => at >= from && at < to).length;

describe('the schedule of a load run', () => {
  test('[LOAD-2] the same seed gives the same calls, another one others', () => {
    const plan = planOf({ spacing: 'poisson' });
    expect(callsOf(plan)).toEqual(callsOf(plan));
    expect(callsOf(planOf({ spacing: 'poisson', seed: 8 }))).not.toEqual(callsOf(plan));
  });

  test('[LOAD-2] another mix moves no arrival, and another rate no behaviour', () => {
    const [one, other] = [planOf({ spacing: 'poisson' }), planOf({ spacing: 'poisson', mix: { ...MIX, reject: 0.5 } })];
    expect(timesOf(other)).toEqual(timesOf(one));
    const behaviours = (plan: LoadPlan) =>
      callsOf(plan)
        .slice(0, 100)
        .map(({ atMs: _, ...rest }) => rest);
    expect(behaviours(planOf({ stages: [[0, 500]] }))).toEqual(behaviours(planOf()));
  });

  test('[LOAD-2] even arrivals are a period apart, from the first moment to the end', () => {
    const times = timesOf(planOf());
    expect(times).toHaveLength(3_000);
    for (const [n, at] of times.entries()) expect(at).toBeCloseTo(n * 20, 6);
  });

  test('[LOAD-2] Poisson arrivals have the mean, and the variance of chance', () => {
    const times = timesOf(planOf({ spacing: 'poisson', durationMs: 600_000 }));
    expect(times.length / 600).toBeGreaterThan(48);
    expect(times.length / 600).toBeLessThan(52);
    const bySecond = Array.from({ length: 600 }, (_, second) => within(times, second * 1000, (second + 1) * 1000));
    const variance = bySecond.reduce((sum, count) => sum + (count - 50) ** 2, 0) / bySecond.length;
    expect(variance).toBeGreaterThan(40);
    expect(variance).toBeLessThan(60);
  });

  test('[LOAD-2] stages are joined by straight lines, and the last one lasts', () => {
    const stages: [number, number][] = [
      [0, 0],
      [20_000, 100],
      [40_000, 100],
      [40_000, 10],
    ];
    const times = timesOf(planOf({ stages }));
    expect(within(times, 0, 10_000)).toBe(250);
    expect(within(times, 10_000, 20_000)).toBe(750);
    expect(within(times, 20_000, 40_000)).toBe(2_000);
    expect(within(times, 40_000, 60_000)).toBe(200);
    const points = stages.map(([atMs, perSecond]) => ({ atMs, perSecond }));
    const rates = [0, 10_000, 30_000, 41_000, 90_000].map((at) => rateAt(points, at));
    expect(rates).toEqual([0, 50, 100, 10, 10]);
  });

  test('[LOAD-2] a stage after the end of the run counts as far as the run goes', () => {
    const times = timesOf(
      planOf({
        stages: [
          [0, 0],
          [120_000, 100],
        ],
      }),
    );
    expect(times).toHaveLength(1_500);
  });

  test('[LOAD-2] the shares of the mix, and the spans, are those of the plan', () => {
    const calls = callsOf(planOf({ stages: [[0, 500]] }));
    const share = (of: (call: (typeof calls)[number]) => boolean) => calls.filter(of).length / calls.length;
    const mean = (of: (call: (typeof calls)[number]) => number) =>
      calls.reduce((sum, call) => sum + of(call), 0) / calls.length;
    expect(share(({ behaviour }) => behaviour === 'reject')).toBeCloseTo(0.05, 2);
    expect(share(({ behaviour }) => behaviour === 'no_answer')).toBeCloseTo(0.03, 2);
    expect(share(({ behaviour }) => behaviour === 'cancel')).toBeCloseTo(0.02, 2);
    expect(share(({ isRtc }) => isRtc)).toBeCloseTo(0.01, 2);
    expect(mean(({ holdMs }) => holdMs) / 30_000).toBeCloseTo(1, 1);
    expect(mean(({ answerDelayMs }) => answerDelayMs) / 1_000).toBeCloseTo(1, 1);
  });

  test('[LOAD-2] the calls of a closed run are due at once, without end', () => {
    const calls = schedule(planOf({ arrivals: { model: 'closed', concurrent: 3 } }));
    const first = Array.from({ length: 5 }, () => calls.next().value);
    expect(first.map((call) => call?.number)).toEqual([0, 1, 2, 3, 4]);
    expect(first.every((call) => call?.atMs === 0)).toBe(true);
  });
});
