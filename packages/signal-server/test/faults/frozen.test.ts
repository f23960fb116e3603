import { TcpProxy } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { describeOnRedis } from '../../../signal-core/test/redis/redis-process.ts';
import { figures, untilAfter, watched } from './figures.ts';
import { type Fleet, type FleetNode, startFleet } from './fleet.ts';
import { Party, stillTalking, type Talk, talk } from './party.ts';

const CALLS = 10;

async function callsBetween(prefix: string, from: FleetNode, to: FleetNode): Promise<Talk[]> {
  const pairs = Array.from(
    { length: CALLS },
    (_, n) => [new Party(`${prefix}a${n}`), new Party(`${prefix}b${n}`)] as const,
  );
  return Promise.all(
    pairs.map(async ([a, b]) => {
      await Promise.all([a.joinAt(from.url), b.joinAt(to.url)]);
      return talk(a, b);
    }),
  );
}

/** Each device is held once, by a node that lives, and is the end of the calls that it should be. */
async function expectOneOwner(fleet: Fleet, talks: Talk[]): Promise<void> {
  const held = new Map<string, unknown>();
  for (const { caller, callee } of talks) {
    for (const { id } of [caller, callee]) {
      const sessions = await fleet.stores.presence.sessionsOf(id);
      expect(
        sessions.map(({ user }) => user.id),
        `sessions of ${id}`,
      ).toEqual([id]);
      held.set(id, sessions[0]?.node);
    }
  }
  for (const { caller, callee, callId } of talks) {
    const call = await fleet.stores.in('').calls.get(callId);
    expect([call?.status, Object(call).caller?.node, Object(call).callee?.node], callId).toEqual([
      'active',
      held.get(caller.id),
      held.get(callee.id),
    ]);
  }
}

/** Pages whose connection breaks come back at the nodes of these addresses, in turn, until the test ends. */
function comingBack(parties: Party[], urls: string[]): { losses: () => number } {
  let losses = 0;
  let isOver = false;
  onTestFinished(() => {
    isOver = true;
    for (const party of parties) party.vanish();
  });
  for (const [n, party] of parties.entries()) {
    let since = party.heard.length;
    const watch = async () => {
      while (!isOver) {
        const lost = party.heard.slice(since).find(({ event }) => event === 'disconnect');
        if (lost !== undefined) {
          losses += 1;
          since = party.heard.length;
          await party.comeBackAt(urls[n % urls.length] ?? '').catch(() => {});
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    void watch();
  }
  return { losses: () => losses };
}

const partiesOf = (talks: Talk[]) => talks.flatMap(({ caller, callee }) => [caller, callee]);

function ended(talks: Talk[]): unknown[] {
  return partiesOf(talks).flatMap((party) => party.all('call_ended').map(({ payload }) => [party.id, payload.reason]));
}

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

  for (const frozenMs of [3_000, 10_000]) {
    test(`[NODE-7] a node for ${frozenMs / 1_000} s: no call ends, each device is held once`, {
      timeout: 120_000,
    }, async () => {
      const fleet = await startFleet();
      const [frozen, living] = fleet.nodes;
      if (frozen === undefined || living === undefined) throw new Error('there are two nodes');
      const talks = [...(await callsBetween('x', frozen, living)), ...(await callsBetween('i', frozen, frozen))];
      const { losses } = comingBack(partiesOf(talks), [frozen.url, living.url]);
      frozen.freeze();
      const frozenAt = performance.now();
      await untilAfter(frozenAt, frozenMs);
      frozen.thaw();
      await untilAfter(frozenAt, frozenMs + 6_000);
      await expect.poll(() => partiesOf(talks).every((party) => party.isConnected), { timeout: 15_000 }).toBe(true);
      await Promise.all(talks.map((each) => stillTalking(each)));
      await untilAfter(frozenAt, watched(frozenMs < 6_000 ? 12_000 : 24_000));
      await Promise.all(talks.map((each) => stillTalking(each)));
      const dead = living.warnings().filter((line) => /is dead/.test(line));
      figures(`a node frozen for ${frozenMs} ms`, {
        losses: losses(),
        declaredDead: dead.length,
        ended: ended(talks).length,
      });
      expect(ended(talks)).toEqual([]);
      expect(dead).toHaveLength(frozenMs < 6_000 ? 0 : 1);
      if (dead.length > 0) expect(frozen.warnings().join()).toContain('this node was declared dead, and begins anew');
      await expectOneOwner(fleet, talks);
      for (const node of fleet.nodes) expect((await node.onlineUsers()).size).toBe(4 * CALLS);
      expect(await fleet.liveCalls()).toHaveLength(2 * CALLS);
    });
  }

  test('[NODE-7] the network between a node and Redis for 10 s: it is declared dead, takes another name, and no call ends', {
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
