import { expect, test } from 'vitest';
import { Replica } from '../../src/presence/replica.ts';

test('[PRES-8] more than 1,000 changes are summed up where the list is longer', () => {
  const kept = new Replica();
  const put = (n: number) => kept.put({ id: `user ${n}`, username: `User ${n}`, isOnline: true, socketId: 's' });
  for (let n = 0; n < 2_000; n += 1) put(n);
  kept.publish();
  const point = kept.point();
  for (let n = 2_000; n < 3_500; n += 1) put(n);
  kept.publish();
  expect(kept.changeSince(point)?.joined).toHaveLength(1_500);
});
