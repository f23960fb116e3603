import { expect, test } from 'vitest';
import { OFFER } from '../../../signal-core/test/e2e/session-descriptions.ts';
import { describeOnRedis } from '../../../signal-core/test/redis/redis-process.ts';
import { figures, IS_FULL, untilAfter, watched } from './figures.ts';
import { type Fleet, type FleetNode, startFleet } from './fleet.ts';
import { Party, stillTalking, type Talk, talk } from './party.ts';

interface Outage {
  name: string;
  awayMs: number;
  /** Whether Redis has what it had when it is back. */
  keeps: boolean;
}

const OUTAGES: Outage[] = [
  { name: 'killed for 1 s, and back as it was', awayMs: 1_000, keeps: true },
  { name: 'killed for 10 s, and back empty', awayMs: 10_000, keeps: false },
  ...(IS_FULL
    ? [
        { name: 'killed for 1 s, and back empty', awayMs: 1_000, keeps: false },
        { name: 'killed for 10 s, and back as it was', awayMs: 10_000, keeps: true },
        { name: 'killed for 60 s, and back as it was', awayMs: 60_000, keeps: true },
        { name: 'killed for 60 s, and back empty', awayMs: 60_000, keeps: false },
      ]
    : []),
];

/** Two users, at these nodes, in a call. */
async function pair(name: string, from: FleetNode, to: FleetNode): Promise<Talk> {
  const [caller, callee] = [new Party(`${name}-caller`), new Party(`${name}-callee`)];
  await Promise.all([caller.joinAt(from.url), callee.joinAt(to.url)]);
  return talk(caller, callee);
}

/** @returns how long it took until the peer was told, in milliseconds */
async function hangUp({ caller, callee, callId }: Talk): Promise<number> {
  const startedAt = performance.now();
  const answer = caller.ask('end_call', { callId });
  const { at } = await callee.until('call_ended', { callId });
  expect(await answer).toMatchObject({ ok: true });
  return at - startedAt;
}

/** What everybody should see in the end: these calls, and these users. */
async function expectSettled(fleet: Fleet, talks: Talk[], users: Party[], patienceMs: number): Promise<void> {
  const [calls, ids] = [talks.map(({ callId }) => callId).toSorted(), users.map(({ id }) => id).toSorted()];
  const seen = async () => ({
    stored: (await fleet.liveCalls()).toSorted(),
    online: await Promise.all(fleet.nodes.map(async (node) => [...(await node.onlineUsers())].toSorted())),
  });
  const timeout = { timeout: patienceMs, interval: 200 };
  await expect.poll(seen, timeout).toEqual({ stored: calls, online: fleet.nodes.map(() => ids) });
}

describeOnRedis('Redis away', () => {
  for (const { name, awayMs, keeps } of OUTAGES) {
    test(`[NODE-9] [NODE-10] ${name}: calls go on, what needs it is refused, and all is right when it is back`, {
      timeout: 180_000,
    }, async () => {
      const fleet = await startFleet({ keeps });
      const [one, two] = fleet.nodes;
      if (one === undefined || two === undefined) throw new Error('there are two nodes');
      const [same, hangsUp, later, across, partly] = await Promise.all([
        pair('same', one, one),
        pair('hangs-up', one, one),
        pair('later', one, one),
        pair('across', one, two),
        pair('partly', one, two),
      ]);
      const [idle, other] = [new Party('idle'), new Party('other')];
      await Promise.all([idle.joinAt(one.url), other.joinAt(two.url)]);

      await fleet.redis.kill();
      const awayAt = performance.now();
      await stillTalking(same, 1_000);
      const refusals: number[] = [];
      const refused = async () => {
        const askedAt = performance.now();
        const answer = await idle.ask('call_user', { to: other.id, callType: 'video', offer: OFFER });
        refusals.push(performance.now() - askedAt);
        expect(answer).toMatchObject({ ok: false, code: 'unavailable', retryAfterMs: expect.any(Number) });
      };
      await refused();
      const [toldMs] = await Promise.all([hangUp(hangsUp), partly.caller.ask('end_call', { callId: partly.callId })]);
      while (performance.now() + 1_500 < awayAt + awayMs) {
        await stillTalking(same, 1_000);
        await refused();
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      // now that it is known to be away
      const toldLaterMs = await hangUp(later);
      await untilAfter(awayAt, awayMs);
      await fleet.redis.run();
      const backAt = performance.now();

      const everybody = [same, hangsUp, later, across, partly]
        .flatMap(({ caller, callee }) => [caller, callee])
        .concat(idle, other);
      await partly.callee.until('call_ended', { callId: partly.callId });
      const partnerMs = performance.now() - backAt;
      await expectSettled(fleet, [same, across], everybody, 30_000);
      const settledMs = performance.now() - backAt;
      await stillTalking(same);
      await stillTalking(across);
      await stillTalking(await talk(idle, other));
      const newCallMs = performance.now() - backAt;
      for (const { caller, callee } of [same, across]) {
        for (const party of [caller, callee]) expect(party.all('call_ended')).toEqual([]);
      }
      figures(`Redis ${name}`, {
        refusedMax: Math.max(...refusals),
        toldMs,
        toldLaterMs,
        settledMs,
        partnerMs,
        newCallMs,
      });
      for (const node of fleet.nodes) expect(node.isRunning()).toBe(true);
      expect(Math.max(...refusals)).toBeLessThan(2_500);
      expect(toldMs).toBeLessThan(2_500);
      expect(toldLaterMs).toBeLessThan(awayMs < 4_000 ? 2_500 : 200);
      expect(settledMs).toBeLessThan(8_000);
      await untilAfter(backAt, watched(8_000));
      const after = await fleet.liveCalls();
      expect(after).toHaveLength(3);
      for (const party of everybody) {
        expect(party.all('disconnect')).toEqual([]);
        party.vanish();
      }
    });
  }

  test('[NODE-10] emptied while nodes run: presence and calls are told again, and nothing ends', {
    timeout: 90_000,
  }, async () => {
    const fleet = await startFleet();
    const [one, two] = fleet.nodes;
    if (one === undefined || two === undefined) throw new Error('there are two nodes');
    const talks = await Promise.all([pair('same', one, one), pair('across', one, two), pair('other', two, one)]);
    const everybody = talks.flatMap(({ caller, callee }) => [caller, callee]);
    const client = await fleet.redis.connect();
    await client.flushAll();
    const emptiedAt = performance.now();
    await expectSettled(fleet, talks, everybody, 30_000);
    const settledMs = performance.now() - emptiedAt;
    figures('Redis emptied', { settledMs });
    expect(settledMs).toBeLessThan(8_000);
    for (const each of talks) await stillTalking(each);
    await untilAfter(emptiedAt, watched(10_000));
    for (const each of talks) await stillTalking(each);
    for (const party of everybody) expect(party.all('call_ended')).toEqual([]);
    const [first] = talks;
    await first?.caller.ask('end_call', { callId: first.callId });
    await first?.callee.until('call_ended', { callId: first.callId });
    expect(await fleet.liveCalls()).toHaveLength(2);
    for (const party of everybody) party.vanish();
  });
});
