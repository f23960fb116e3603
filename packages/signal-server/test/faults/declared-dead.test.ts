import { TcpProxy } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { describeOnRedis } from '../../../signal-core/test/redis/redis-process.ts';
import { CALLS, callsBetween, comingBack, ended, expectOneOwner, partiesOf } from './calls-that-go-on.ts';
import { figures, untilAfter, watched } from './figures.ts';
import { startFleet } from './fleet.ts';
import { stillTalking } from './party.ts';

describeOnRedis('a node that was declared dead, and lives', () => {
  test('[NODE-7] that stood still for 10 s: no call ends, each device is held once', {
    timeout: 120_000,
  }, async () => {
    const fleet = await startFleet();
    const [frozen, living] = fleet.nodes;
    if (frozen === undefined || living === undefined) throw new Error('there are two nodes');
    const talks = [...(await callsBetween('x', frozen, living)), ...(await callsBetween('i', frozen, frozen))];
    const { losses } = comingBack(partiesOf(talks), [frozen.url, living.url]);
    frozen.freeze();
    const frozenAt = performance.now();
    // some pages do not wait for it: before it is declared dead, and after
    for (const [second, each] of [
      [2, talks[0]],
      [3, talks[CALLS]],
      [8, talks[1]],
      [9, talks[CALLS + 1]],
    ] as const) {
      await untilAfter(frozenAt, 1_000 * second);
      await each?.caller.joinAt(living.url);
    }
    await untilAfter(frozenAt, 10_000);
    frozen.thaw();
    await untilAfter(frozenAt, 16_000);
    await expect.poll(() => partiesOf(talks).every((party) => party.isConnected), { timeout: 15_000 }).toBe(true);
    await Promise.all(talks.map((each) => stillTalking(each)));
    await untilAfter(frozenAt, watched(24_000));
    await Promise.all(talks.map((each) => stillTalking(each)));
    const dead = living.warnings().filter((line) => /is dead/.test(line));
    figures('a node frozen for 10 s', {
      losses: losses(),
      declaredDead: dead.length,
      ended: ended(talks).length,
    });
    expect(ended(talks)).toEqual([]);
    expect(dead).toHaveLength(1);
    expect(frozen.warnings().join()).toContain('this node was declared dead, and begins anew');
    await expectOneOwner(fleet, talks);
    for (const node of fleet.nodes) expect((await node.onlineUsers()).size).toBe(4 * CALLS);
    expect(await fleet.liveCalls()).toHaveLength(2 * CALLS);
  });

  test('[NODE-7] whose network to Redis was a black hole for 10 s: no call ends, each device is held once', {
    timeout: 120_000,
  }, async () => {
    const fleet = await startFleet({ count: 1 });
    const [living] = fleet.nodes;
    const proxy = await TcpProxy.before(`http://127.0.0.1:${fleet.redis.port}`);
    onTestFinished(() => proxy.close());
    const cut = await fleet.start(proxy.url.replace('http', 'redis'));
    fleet.nodes.push(cut);
    if (living === undefined) throw new Error('there is a node');
    const talks = [...(await callsBetween('x', cut, living)), ...(await callsBetween('i', cut, cut))];
    const { losses } = comingBack(partiesOf(talks), [cut.url, living.url]);
    proxy.freeze();
    const cutAt = performance.now();
    const inside = talks.slice(CALLS);
    await Promise.all(inside.map((each) => stillTalking(each, 1_000)));
    await untilAfter(cutAt, 4_000);
    await Promise.all(inside.map((each) => stillTalking(each, 1_000)));
    await untilAfter(cutAt, 10_000);
    proxy.thaw();
    await untilAfter(cutAt, 18_000);
    await expect.poll(() => partiesOf(talks).every((party) => party.isConnected), { timeout: 15_000 }).toBe(true);
    await Promise.all(talks.map((each) => stillTalking(each)));
    await untilAfter(cutAt, watched(24_000));
    await Promise.all(talks.map((each) => stillTalking(each)));
    figures('a node cut off from Redis for 10 s', { losses: losses(), ended: ended(talks).length });
    expect(living.warnings().join()).toContain('a node is dead');
    expect(cut.warnings().join()).toContain('this node was declared dead, and begins anew');
    expect(ended(talks)).toEqual([]);
    await expectOneOwner(fleet, talks);
    for (const node of fleet.nodes) expect((await node.onlineUsers()).size).toBe(4 * CALLS);
  });
});
