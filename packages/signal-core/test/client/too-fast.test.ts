import { expect, it } from 'vitest';
import { candidates } from '../e2e/session-descriptions.ts';
import { talk, VIDEO } from './call-steps.ts';
import { all } from './heard.ts';
import { stage } from './stage.ts';

it('[CLIENT-29] [LIMIT-3] 200 messages and 200 candidates in one turn all arrive, in order, and nobody is kicked', async () => {
  const { join } = await stage({
    limits: { profile: 'standard', eventsPerSecond: 200, candidatesPerSecond: 200, candidateBurst: 100 },
  });
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed, rung } = await talk(alice, bob);
  const states = all(alice.client, 'state');
  const errors = all(placed, 'error');
  const heard = all(rung, 'info');
  const trickled = all(rung, 'candidates');
  for (const candidate of candidates(1, 190)) placed.sendCandidate(candidate);
  const names = Array.from({ length: 200 }, (_, n) => n);
  await Promise.all(names.map((n) => placed.sendInfo(n)));
  await expect.poll(() => heard.length, { timeout: 4_000 }).toBe(200);
  expect(heard.flat()).toEqual(names);
  expect(trickled.flat(2).map((candidate) => Object(candidate).candidate)).toEqual(
    candidates(1, 190).map(({ candidate }) => candidate),
  );
  expect([states, errors]).toEqual([[], []]);
  const refused = alice.wire.filter(({ direction, payload }) => direction === 'ack' && Object(payload).ok === false);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(100);
});

it('[CLIENT-29] [LIMIT-4] a call that is too much is refused, with the time to wait', async () => {
  const { join } = await stage({ limits: 'standard' });
  const [alice, bob] = [await join('alice'), await join('bob')];
  for (let n = 0; n < 5; n += 1) await alice.client.call(bob.id, VIDEO);
  await expect(alice.client.call(bob.id, VIDEO)).rejects.toMatchObject({
    code: 'rate_limited',
    retryAfterMs: expect.any(Number),
  });
});
