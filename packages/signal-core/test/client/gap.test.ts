import { expect, it } from 'vitest';
import { ANSWER } from '../e2e/session-descriptions.ts';
import { ring, stillTalking } from './call-steps.ts';
import { next } from './heard.ts';
import { stage } from './stage.ts';

it('[CLIENT-7] a call that was answered while its caller was away for too long is active, and says so', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const ends = await ring(alice, bob);
  alice.proxy.freeze();
  alice.proxy.cut();
  await ends.rung.accept(ANSWER);
  // more than the server keeps (RESUME-2): the answer is among what is lost
  for (let index = 0; index < 300; index += 1) await ends.rung.sendInfo(index);
  const gap = next(ends.placed, 'unrecovered');
  alice.proxy.thaw();
  await gap;
  expect(ends.placed.state).toBe('active');
  await stillTalking(ends);
});
