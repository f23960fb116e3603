import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ensemble } from './ensemble.ts';
import { partsIn } from './parts.ts';

test('[LOSS-1] a device that left and is back at once is rung', async () => {
  const story = async (scheduler: fc.Scheduler) => {
    const all = new Ensemble(scheduler, 1);
    for (const device of ['alice/one', 'bob/one', 'bob/two'] as const) await all.arrive(device);
    await all.call('alice/one', 'bob', 'c1');
    all.isScheduled = true;
    await scheduler.waitFor(Promise.all([all.parting('bob/one', 'leave')(), all.arrive('bob/one')]));
    await scheduler.waitIdle();
    const rung = partsIn(all.truth.live(), 'bob/one');
    await all.finish();
    expect(rung).toEqual([['c1', 'rung']]);
  };
  await fc.assert(fc.asyncProperty(fc.scheduler(), story), { numRuns: 300 });
});
