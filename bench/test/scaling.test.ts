import { describe, expect, it } from 'vitest';
import { type Load, nodeLoad, presenceBytes, ratesOf, redisBytes, redisLoad } from '../src/scaling/arithmetic.js';
import { MEASURED } from '../src/scaling/constants.js';
import { seededRandom, simulate } from '../src/scaling/simulate.js';

const LOAD: Load = {
  users: 3_600,
  nodes: 4,
  scopes: 1,
  staySeconds: 1_800,
  callsPerUserHour: 2,
  callSeconds: 60,
  watched: 10,
};

const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);

describe('the arithmetic of several nodes', () => {
  it('[BENCH-10] counts what users do, and what nodes do by the clock', () => {
    expect(ratesOf(LOAD)).toMatchObject({
      changes: 4,
      callsAtOne: 0.5,
      callsAcross: 1.5,
      liveCalls: 120,
      changesRead: 16,
      beats: 4,
      turnsAsked: 4,
      usersCompared: 720,
      heldRead: 120,
    });
    expect(ratesOf(LOAD).looks).toBeCloseTo(1 / 3, 6);
    expect(ratesOf({ ...LOAD, nodes: 40 }).looks).toBe(ratesOf(LOAD).looks);
    expect(ratesOf({ ...LOAD, nodes: 1 })).toMatchObject({ callsAtOne: 2, callsAcross: 0 });
  });

  it('[BENCH-10] lists but the scopes that have calls, or had lately', () => {
    const { listedScopes } = ratesOf({ ...LOAD, scopes: 3_600 });
    // 2 calls a second, remembered for 180 s, are 360 calls in 3,600 scopes
    expect(listedScopes).toBeCloseTo(3_600 * (1 - Math.exp(-0.1)), 6);
  });

  it.each([
    { users: 4_000, nodes: 4, scopes: 20 },
    { users: 4_000, nodes: 2, scopes: 2 },
    { users: 3_000, nodes: 6, scopes: 600 },
  ])('[BENCH-10] comes to what is played: %o', (shape) => {
    const load = { ...LOAD, ...shape };
    const [computed, played] = [ratesOf(load), simulate(load, 3_000, seededRandom(7))];
    for (const [name, value] of Object.entries(computed)) {
      const other = Object.entries(played).find(([same]) => same === name)?.[1] ?? Number.NaN;
      expect(Math.abs(other / value - 1), `${name}: ${value} computed, ${other} played`).toBeLessThan(0.1);
    }
  });

  it('[BENCH-10] the same seed plays the same', () => {
    const play = () => simulate({ ...LOAD, users: 200 }, 30, seededRandom(3));
    expect(play()).toEqual(play());
  });

  it('[BENCH-10] twice the users cost Redis twice as much, but for what nodes do by the clock', () => {
    const once = redisLoad(LOAD, MEASURED);
    const twice = redisLoad({ ...LOAD, users: 2 * LOAD.users }, MEASURED);
    for (const name of ['calls', 'joins and leaves', 'nodes reading them', 'comparing what is held']) {
      expect(twice[name]).toBeCloseTo(2 * (once[name] ?? Number.NaN), 9);
    }
    expect(twice.beats).toBe(once.beats);
    expect(sum(Object.values(redisLoad({ ...LOAD, nodes: 8 }, MEASURED)))).toBeGreaterThan(sum(Object.values(once)));
    expect(redisBytes(LOAD, MEASURED)).toBeGreaterThan(MEASURED.bytes.redisBase);
  });

  it('[BENCH-10] each node lists everybody, however many nodes there are', () => {
    const [few, many] = [nodeLoad(LOAD, MEASURED), nodeLoad({ ...LOAD, nodes: 400 }, MEASURED)];
    expect(many.presenceBytes).toBe(few.presenceBytes);
    expect(many.memory).toBeGreaterThan(LOAD.users * MEASURED.bytes.listedInNode);
    expect(many.memory).toBeLessThan(few.memory);
  });

  it('[BENCH-10] each way to be told of presence costs less than the one before', () => {
    const load = { ...LOAD, users: 100_000 };
    const [full, coalesced, delta, subscribed] = (['full', 'coalesced', 'delta', 'subscribed'] as const).map((told) =>
      presenceBytes(told, load, MEASURED),
    );
    expect(full).toBe((200_000 / 1_800) * 100_000 * MEASURED.bytes.listedUser);
    // the budget of a node for lists, by its clients
    expect(coalesced).toBe(800);
    expect(delta).toBeLessThan(full ?? 0);
    expect(subscribed).toBeCloseTo(13 / 9, 6);
  });
});
