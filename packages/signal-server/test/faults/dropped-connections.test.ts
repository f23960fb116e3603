import { setTimeout as pause } from 'node:timers/promises';
import { SignalingClient } from 'signal-core/client';
import { expect, test } from 'vitest';
import { DroppedCall, type Toll } from '../../../signal-core/test/loss/dropped-call.ts';
import { describeOnRedis } from '../../../signal-core/test/redis/redis-process.ts';
import { counted, figures } from './figures.ts';
import { startFleet } from './fleet.ts';

const CALLS = counted(25, 500);
/** Over what time they are placed, so that the machine is not what is tested. */
const SPREAD_MS = CALLS * 80;

describeOnRedis('connections that break', () => {
  test(`[NODE-4] [LOSS-3] [PRES-4] ${CALLS} calls across nodes, each with a drop of 0.5 to 10 s: nothing lost, nothing twice, nobody gone`, {
    timeout: 150_000,
  }, async () => {
    const fleet = await startFleet();
    const [one, two] = fleet.nodes.map(({ url }) => url);
    if (one === undefined || two === undefined) throw new Error('there are two nodes');
    const watcher = new SignalingClient({ url: one, user: { id: 'watcher', username: 'watcher' } });
    await watcher.connect();
    const tolls = await Promise.all(
      Array.from({ length: CALLS }, async (_, n) => {
        await pause((n / CALLS) * SPREAD_MS);
        const urls = n % 2 === 0 ? { caller: one, callee: two } : { caller: two, callee: one };
        return new DroppedCall(urls, `dropped-${n}`, watcher).run();
      }),
    );
    await watcher.close();
    const sum = (what: keyof Toll) => tolls.reduce((total, toll) => total + toll[what], 0);
    const toll = {
      drops: sum('drops'),
      answers: sum('answers'),
      lost: sum('lost'),
      repeated: sum('repeated'),
      disordered: sum('disordered'),
      endedEarly: sum('endedEarly'),
      flickers: sum('flickers'),
    };
    figures(`${CALLS} calls across nodes with a drop`, toll);
    const none = { lost: 0, repeated: 0, disordered: 0, endedEarly: 0, flickers: 0 };
    expect(toll).toEqual({ drops: CALLS, answers: CALLS, ...none });
  });
});
