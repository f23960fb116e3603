import { TcpProxy } from 'signal-core/testing';
import { expect, test, vi } from 'vitest';
import { OFFER } from '../../../signal-core/test/e2e/session-descriptions.ts';
import { describeOnRedis } from '../../../signal-core/test/redis/redis-process.ts';
import { figures } from './figures.ts';
import { startFleet } from './fleet.ts';
import { Party, stillTalking, talk } from './party.ts';

async function timed<T>(work: Promise<T>): Promise<{ value: T; ms: number }> {
  const startedAt = performance.now();
  return { value: await work, ms: performance.now() - startedAt };
}

describeOnRedis('a Redis that is slow', () => {
  test.each([
    { delayMs: 100, isServed: true },
    { delayMs: 1_500, isServed: false },
  ])(
    '[NODE-9] $delayMs ms later each way: what is said in a call costs nothing, and what needs Redis is served, or refused in time',
    {
      timeout: 120_000,
    },
    async ({ delayMs, isServed }) => {
      const fleet = await startFleet({ count: 0 });
      const network = await TcpProxy.before(`http://127.0.0.1:${fleet.redis.port}`);
      const node = await fleet.start(`redis://127.0.0.1:${new URL(network.url).port}`);
      const [alice, bob, carol, dave] = ['alice', 'bob', 'carol', 'dave'].map((name) => new Party(name));
      if (!alice || !bob || !carol || !dave) throw new Error('there are four');
      const everybody = [alice, bob, carol, dave];
      await Promise.all(everybody.map((party) => party.joinAt(node.url)));
      const talking = await talk(alice, bob);

      network.delayMs = delayMs;
      const said = await timed(stillTalking(talking, 1_000));
      const placed = await timed(carol.ask('call_user', { to: dave.id, callType: 'video', offer: OFFER }));
      const { callId } = placed.value;
      const accepted = isServed ? await timed(dave.accept(String(callId))) : undefined;
      const ended = await timed(alice.ask('end_call', { callId: talking.callId }));
      const told = await bob.until('call_ended', { callId: talking.callId });
      network.delayMs = 0;

      figures(`Redis ${delayMs} ms later each way`, {
        saidMs: said.ms,
        placedMs: placed.ms,
        acceptedMs: accepted?.ms ?? 'not tried',
        endedMs: ended.ms,
      });
      expect(said.ms).toBeLessThan(delayMs);
      expect(placed.value).toMatchObject(
        isServed ? { ok: true } : { ok: false, code: 'unavailable', retryAfterMs: expect.any(Number) },
      );
      expect(placed.ms).toBeLessThan(2_500);
      if (isServed) expect(accepted?.value).toMatchObject({ ok: true });
      expect(ended.value).toMatchObject({ ok: true });
      expect(told.payload).toMatchObject({ reason: 'hangup' });
      // once it is fast again, all is as if it had never been slow
      const [one, other] = isServed ? [alice, bob] : [carol, dave];
      const again = await vi.waitFor(() => talk(one, other), { timeout: 15_000, interval: 500 });
      await stillTalking(again);
      await expect.poll(() => fleet.liveCalls(), { timeout: 10_000 }).toHaveLength(isServed ? 2 : 1);
      expect(node.isRunning()).toBe(true);
      for (const party of everybody) party.vanish();
      await network.close();
    },
  );

  test('[LOSS-1] [NODE-9] who leaves while Redis is away has left: its peers are told once it is back', {
    timeout: 120_000,
  }, async () => {
    const fleet = await startFleet({ keeps: true });
    const [one, two] = fleet.nodes.map(({ url }) => url);
    if (one === undefined || two === undefined) throw new Error('there are two nodes');
    const parties = ['leaver', 'near', 'parter', 'far'].map((name) => new Party(name));
    const [leaver, near, parter, far] = parties;
    if (!leaver || !near || !parter || !far) throw new Error('there are four');
    await Promise.all(parties.map((party) => party.joinAt(party === far ? two : one)));
    const [same, across] = [await talk(leaver, near), await talk(parter, far)];
    await fleet.redis.kill();
    await Promise.all([leaver, parter].map((party) => party.ask('leave', {}).catch(() => {})));
    await fleet.redis.run();
    const backAt = performance.now();
    const nearMs = (await near.until('call_ended', { callId: same.callId }, 20_000)).at - backAt;
    const farMs = (await far.until('call_ended', { callId: across.callId }, 20_000)).at - backAt;
    await expect.poll(() => fleet.liveCalls(), { timeout: 20_000 }).toEqual([]);
    const online = async () => Promise.all(fleet.nodes.map(async (node) => [...(await node.onlineUsers())].toSorted()));
    await expect.poll(online, { timeout: 20_000 }).toEqual([
      ['far', 'near'],
      ['far', 'near'],
    ]);
    figures('leaves while Redis is away', { nearMs, farMs, settledMs: performance.now() - backAt });
    expect(nearMs).toBeLessThan(8_000);
    expect(farMs).toBeLessThan(8_000);
    await stillTalking(await talk(near, far));
    for (const party of parties) party.vanish();
  });
});
