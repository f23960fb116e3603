import { expect, it } from 'vitest';
import { parseRate } from '../../../src/format/rate.js';
import { parseShare } from '../../../src/format/share.js';
import { isLoopback } from '../../../src/load/loopback.js';
import { type LoadFlags, makePlan } from '../../../src/load/make-plan.js';
import { parseSpan, parseStages } from '../../../src/load/parse-load.js';
import { planSchema } from '../../../src/load/plan.js';

const flags: LoadFlags = {
  arrival: 'uniform',
  duration: 30_000,
  hold: { kind: 'fixed', ms: 5000 },
  answerDelay: { kind: 'fixed', ms: 500 },
  reject: 0,
  noAnswer: 0,
  cancel: 0,
  ice: 8,
  sdp: 'chrome',
  topology: 'pairs',
  workers: 1,
  rtcSample: 0,
  prefix: 'load',
};
const target = { urls: [new URL('http://localhost:3001')], path: '/socket.io', seed: 1, stepTimeoutMs: 10_000 };

it('[LOAD-11] rates, shares, spans and stages are read as people write them', () => {
  expect([parseRate('50/s'), parseRate('30/m'), parseRate('0.5/s'), parseRate('50'), parseRate('1/h')]).toEqual([
    50,
    0.5,
    0.5,
    undefined,
    undefined,
  ]);
  expect([parseShare('5%'), parseShare('0.05'), parseShare('101%'), parseShare('-1%')]).toEqual([
    0.05,
    0.05,
    undefined,
    undefined,
  ]);
  expect(parseSpan('exp:30s')).toEqual({ kind: 'exp', ms: 30_000 });
  expect(parseSpan('2s')).toEqual({ kind: 'fixed', ms: 2000 });
  expect(parseSpan('normal:2s')).toBeUndefined();
  expect(parseStages('0:10/s,1m:200/s')).toEqual([
    { atMs: 0, perSecond: 10 },
    { atMs: 60_000, perSecond: 200 },
  ]);
  expect(parseStages('1m:10/s,30s:5/s')).toBeUndefined();
  expect(parseStages('')).toBeUndefined();
});

it('[LOAD-11] there are users enough for what is asked, unless it is said how many', () => {
  expect(makePlan({ ...flags, rate: 100 }, target).users).toBe(1800);
  expect(makePlan({ ...flags, rate: 100, users: 50 }, target).users).toBe(50);
  expect(makePlan({ ...flags, concurrent: 100 }, target)).toMatchObject({
    users: 300,
    arrivals: { model: 'closed', concurrent: 100 },
  });
  expect(planSchema.parse(makePlan(flags, target))).toEqual(makePlan(flags, target));
});

it('[LOAD-2] a run lasts as long as it is told, until its last stage, or half a minute', () => {
  const { duration: _, ...untold } = flags;
  const stages = [
    { atMs: 0, perSecond: 50 },
    { atMs: 70_000, perSecond: 500 },
  ];
  expect(makePlan({ ...untold, stages }, target).durationMs).toBe(70_000);
  expect(makePlan({ ...untold, stages, duration: 5_000 }, target).durationMs).toBe(5_000);
  expect(makePlan({ ...untold, stages: stages.slice(0, 1) }, target).durationMs).toBe(30_000);
  expect(makePlan({ ...untold, concurrent: 3 }, target).durationMs).toBe(30_000);
});

it('[LOAD-11] only this machine is loopback', () => {
  const hosts = [
    'localhost',
    '127.0.0.1',
    '127.8.9.1',
    '[::1]',
    'a.localhost',
    '10.0.0.1',
    'localhost.example',
    '128.0.0.1',
  ];
  expect(hosts.filter((host) => isLoopback(new URL(`http://${host}:3001`)))).toEqual(hosts.slice(0, 5));
});
