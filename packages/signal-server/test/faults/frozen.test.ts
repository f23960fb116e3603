import { expect, test } from 'vitest';
import { describeOnRedis } from '../../../signal-core/test/redis/redis-process.ts';
import { CALLS, callsBetween, comingBack, ended, expectOneOwner, partiesOf } from './calls-that-go-on.ts';
import { figures, untilAfter, watched } from './figures.ts';
import { startFleet } from './fleet.ts';
import { stillTalking } from './party.ts';

describeOnRedis('what stands still', () => {
  test('[NODE-6] Redis for 5 s: no node is declared dead, no call ends', { timeout: 90_000 }, async () => {
    const fleet = await startFleet();
    const [one, two] = fleet.nodes;
    if (one === undefined || two === undefined) throw new Error('there are two nodes');
    const talks = [...(await callsBetween('x', one, two)), ...(await callsBetween('s', one, one))];
    fleet.redis.freeze();
    const frozenAt = performance.now();
    await Promise.all(talks.slice(CALLS).map((each) => stillTalking(each, 1_000)));
    await untilAfter(frozenAt, 5_000);
    fleet.redis.thaw();
    await Promise.all(talks.map((each) => stillTalking(each)));
    await untilAfter(frozenAt, watched(14_000));
    expect(ended(talks)).toEqual([]);
    await expectOneOwner(fleet, talks);
    for (const node of fleet.nodes)
      expect(node.warnings().filter((line) => /is dead|declared dead/.test(line))).toEqual([]);
    expect(partiesOf(talks).flatMap((party) => party.all('disconnect'))).toEqual([]);
    for (const node of fleet.nodes) expect((await node.onlineUsers()).size).toBe(4 * CALLS);
    for (const party of partiesOf(talks)) party.vanish();
  });

  test('[NODE-6] a node for 3 s: no call ends, each device is held once', {
    timeout: 120_000,
  }, async () => {
    const fleet = await startFleet();
    const [frozen, living] = fleet.nodes;
    if (frozen === undefined || living === undefined) throw new Error('there are two nodes');
    const talks = [...(await callsBetween('x', frozen, living)), ...(await callsBetween('i', frozen, frozen))];
    const { losses } = comingBack(partiesOf(talks), [frozen.url, living.url]);
    frozen.freeze();
    const frozenAt = performance.now();
    await untilAfter(frozenAt, 3_000);
    frozen.thaw();
    await untilAfter(frozenAt, 9_000);
    await expect.poll(() => partiesOf(talks).every((party) => party.isConnected), { timeout: 15_000 }).toBe(true);
    await Promise.all(talks.map((each) => stillTalking(each)));
    await untilAfter(frozenAt, watched(12_000));
    await Promise.all(talks.map((each) => stillTalking(each)));
    const dead = living.warnings().filter((line) => /is dead/.test(line));
    figures('a node frozen for 3 s', {
      losses: losses(),
      declaredDead: dead.length,
      ended: ended(talks).length,
    });
    expect(ended(talks)).toEqual([]);
    expect(dead).toEqual([]);
    await expectOneOwner(fleet, talks);
    for (const node of fleet.nodes) expect((await node.onlineUsers()).size).toBe(4 * CALLS);
    expect(await fleet.liveCalls()).toHaveLength(2 * CALLS);
  });
});
