import { expect, test } from 'vitest';
import { OFFER } from '../../../signal-core/test/e2e/session-descriptions.ts';
import { describeOnRedis } from '../../../signal-core/test/redis/redis-process.ts';
import { counted, figures, quantile } from './figures.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { inSlices, Party } from './party.ts';

const RACES = counted(200, 10_000);
const GLARES = counted(50, 2_000);
const TAKEOVERS = counted(200, 1_000);
/** So many at a time; more would measure how busy the machine is. */
const AT_ONCE = 10;

const rounds = (count: number) => Array.from({ length: Math.ceil(count / AT_ONCE) }, (_, round) => round);

async function twoNodes(): Promise<{ fleet: Fleet; urls: [string, string] }> {
  const fleet = await startFleet();
  const [one, two] = fleet.nodes;
  if (one === undefined || two === undefined) throw new Error('there are two nodes');
  return { fleet, urls: [one.url, two.url] };
}

describeOnRedis('what happens at once at two nodes', () => {
  test(`[NODE-1] ${RACES} times two devices accept at once: one has the call, the other is told within 500 ms`, {
    timeout: 600_000,
  }, async () => {
    const { fleet, urls } = await twoNodes();
    const lanes = Array.from({ length: AT_ONCE }, (_, n) => ({
      caller: new Party(`caller${n}`),
      phones: [new Party(`callee${n}`, 'one'), new Party(`callee${n}`, 'two')] as const,
      n,
    }));
    await inSlices(lanes, 10, async ({ caller, phones, n }) => {
      await caller.joinAt(urls[n % 2 === 0 ? 0 : 1]);
      await Promise.all([phones[0].joinAt(urls[0]), phones[1].joinAt(urls[1])]);
    });
    const told: number[] = [];
    const wins = [0, 0];
    for (const _ of rounds(RACES)) {
      await Promise.all(
        lanes.map(async ({ caller, phones }) => {
          const callId = await caller.call(phones[0]);
          await Promise.all(phones.map((phone) => phone.until('incoming_call', { callId })));
          const startedAt = performance.now();
          const answers = await Promise.all(phones.map((phone) => phone.accept(callId)));
          const winners = answers.flatMap(({ ok }, phone) => (ok ? [phone] : []));
          expect(winners).toHaveLength(1);
          const [winner = 0] = winners;
          wins[winner] = (wins[winner] ?? 0) + 1;
          const [won, lost] = winner === 0 ? phones : [phones[1], phones[0]];
          const end = await lost.until('call_ended', { callId });
          expect(end.payload.reason).toBe('answered_elsewhere');
          told.push(end.at - startedAt);
          await caller.until('call_accepted', { callId });
          expect(won.all('call_ended', { callId })).toEqual([]);
          expect((await won.ask('end_call', { callId })).ok).toBe(true);
          await caller.until('call_ended', { callId });
          expect(caller.all('call_accepted', { callId })).toHaveLength(1);
          for (const party of [caller, ...phones]) party.heard.length = 0;
        }),
      );
    }
    figures(`${told.length} accept races`, {
      p50: quantile(told, 0.5),
      p99: quantile(told, 0.99),
      max: Math.max(...told),
      wins: wins.join('/'),
    });
    expect(quantile(told, 0.99)).toBeLessThan(500);
    expect(await fleet.liveCalls()).toEqual([]);
    for (const { caller, phones } of lanes) for (const party of [caller, ...phones]) party.vanish();
  });

  test(`[NODE-1] [CALL-11] ${GLARES} times two call each other at once: one call each, and it is answered`, {
    timeout: 600_000,
  }, async () => {
    const { fleet, urls } = await twoNodes();
    const lanes = Array.from({ length: AT_ONCE }, (_, n) => [new Party(`left${n}`), new Party(`right${n}`)] as const);
    await inSlices(lanes, 10, ([left, right]) => Promise.all([left.joinAt(urls[0]), right.joinAt(urls[1])]));
    const took: number[] = [];
    for (const round of rounds(GLARES)) {
      await Promise.all(
        lanes.map(async (pair) => {
          const [left, right] = pair;
          const ids = pair.map(({ id }) => `${id}-${round}`);
          const startedAt = performance.now();
          const answers = await Promise.all(
            pair.map((party, n) =>
              party.ask('call_user', {
                to: (party === left ? right : left).id,
                callType: 'video',
                offer: OFFER,
                callId: ids[n],
              }),
            ),
          );
          const first = answers[0]?.ok ? 0 : 1;
          expect(answers.map(({ code }) => code)).toEqual(first === 0 ? [undefined, 'glare'] : ['glare', undefined]);
          const [caller, callee] = first === 0 ? pair : [right, left];
          const callId = ids[first] ?? '';
          expect((await fleet.stores.in('').calls.line(left.id)).calls.map(({ id }) => id)).toEqual([callId]);
          await callee.until('incoming_call', { callId });
          expect(await callee.accept(callId)).toMatchObject({ ok: true });
          await caller.until('call_accepted', { callId });
          took.push(performance.now() - startedAt);
          expect(await caller.ask('end_call', { callId })).toMatchObject({ ok: true });
          await callee.until('call_ended', { callId });
          for (const party of pair) party.heard.length = 0;
        }),
      );
    }
    figures(`${took.length} glares`, { p50: quantile(took, 0.5), p99: quantile(took, 0.99), max: Math.max(...took) });
    expect(await fleet.liveCalls()).toEqual([]);
    for (const party of lanes.flat()) party.vanish();
  });

  test(`[NODE-5] [JOIN-7] ${TAKEOVERS} takeovers from node to node: never offline`, { timeout: 600_000 }, async () => {
    const { fleet, urls } = await twoNodes();
    const parties = Array.from({ length: AT_ONCE }, (_, n) => new Party(`roamer${n}`));
    const watcher = new Party('watcher');
    await inSlices(parties, 10, (party) => party.joinAt(urls[0]));
    await watcher.joinAt(urls[1], { presence: 'delta' });
    const seen = () =>
      watcher.all('presence_changed').filter(({ payload }) => Array.from(Object(payload.left)).length > 0);
    const started = performance.now();
    for (const round of rounds(TAKEOVERS)) {
      // every other time the connection before is still there
      await Promise.all(
        parties.map((party) => party.joinAt(urls[round % 2 === 0 ? 1 : 0], { isKept: round % 2 === 0 })),
      );
    }
    figures(`${TAKEOVERS} takeovers`, { ms: performance.now() - started, left: seen().length });
    // whoever really goes is missed, and nobody else
    parties[0]?.vanish();
    await expect.poll(seen, { timeout: 15_000 }).toHaveLength(1);
    for (const node of fleet.nodes) expect((await node.onlineUsers()).size).toBe(AT_ONCE);
    for (const party of [...parties, watcher]) party.vanish();
  });
});
