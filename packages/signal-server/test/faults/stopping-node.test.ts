import { expect, test } from 'vitest';
import { describeOnRedis } from '../../../signal-core/test/redis/redis-process.ts';
import { counted, figures, quantile } from './figures.ts';
import { startFleet } from './fleet.ts';
import { inSlices, Party, stillTalking, type Talk, talk } from './party.ts';

const SOCKETS = counted(200, 1_000);
const CALLS = counted(60, 300);

describeOnRedis('a node that is stopped', () => {
  test(`[NODE-11] [SRV-25] ${SOCKETS} sockets and ${CALLS} calls: exit 0 within 25 s, no call ends, everybody is at the others`, {
    timeout: 180_000,
  }, async () => {
    const fleet = await startFleet({ count: 3 });
    const [stopping, second, third] = fleet.nodes;
    if (stopping === undefined || second === undefined || third === undefined) throw new Error('there are three nodes');
    const others = [second, third];
    // of a third of the calls both ends are at the node that stops
    const inside = Math.floor(CALLS / 3);
    const pairs = Array.from({ length: CALLS }, (_, n) => ({ a: new Party(`a${n}`), b: new Party(`b${n}`), n }));
    const talks: Talk[] = await inSlices(pairs, 25, async ({ a, b, n }) => {
      const at = n < inside ? stopping : others[n % 2];
      await Promise.all([a.joinAt(stopping.url), b.joinAt(at?.url ?? '')]);
      return talk(a, b);
    });
    const callers = pairs.flatMap(({ a, b, n }) => (n < inside ? [a, b] : [a]));
    const idle = Array.from({ length: SOCKETS - callers.length }, (_, n) => new Party(`idle${n}`));
    await inSlices(idle, 50, (party) => party.joinAt(stopping.url));

    const leaving = [...callers, ...idle];
    let moved = 0;
    const moving = leaving.map(async (party, n) => {
      await party.until('disconnect', {}, 40_000);
      const took = await party.comeBackAt(others[n % 2]?.url ?? '');
      moved += 1;
      return took;
    });
    const stopped = await stopping.stop();
    const took = await Promise.all(moving);
    const online = await second.onlineUsers();
    figures(`a stopped node with ${SOCKETS} sockets and ${CALLS} calls`, {
      exit: String(stopped.code),
      ms: stopped.ms,
      moved,
      backMax: Math.max(...took),
      backP50: quantile(took, 0.5),
    });
    expect(stopped.code).toBe(0);
    expect(stopped.ms).toBeLessThan(25_000);
    for (const { a, b } of pairs) for (const party of [a, b]) expect(party.all('call_ended')).toEqual([]);
    expect(new Set(await fleet.liveCalls())).toEqual(new Set(talks.map(({ callId }) => callId)));
    await inSlices(talks, 50, (each) => stillTalking(each));
    expect(leaving.filter(({ id }) => !online.has(id)).map(({ id }) => id)).toEqual([]);
    for (const party of [...leaving, ...pairs.map(({ b }) => b)]) party.vanish();
  });

  test('[NODE-11] [SRV-25] without sockets it is gone at once, and nobody is missed', async () => {
    const { nodes } = await startFleet();
    const [stopping, living] = nodes;
    if (stopping === undefined || living === undefined) throw new Error('there are two nodes');
    const { code, ms } = await stopping.stop();
    figures('a stopped node without sockets', { exit: String(code), ms });
    expect(code).toBe(0);
    expect(ms).toBeLessThan(2_500);
    const [alice, bob] = [new Party('alice'), new Party('bob')];
    await Promise.all([alice.joinAt(living.url), bob.joinAt(living.url)]);
    await stillTalking(await talk(alice, bob));
    alice.vanish();
    bob.vanish();
  });
});
