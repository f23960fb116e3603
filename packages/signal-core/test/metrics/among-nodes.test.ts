import { expect, test } from 'vitest';
import { ring, talk } from '../e2e/call-steps.ts';
import { startNodes } from '../nodes/two-nodes.ts';
import { scrape } from './scraped.ts';

test('[METRICS-2] [NODE-1] nodes count the calls of the callers that they hold, which add up, and everybody who is online', async () => {
  const stage = await startNodes({ metrics: true });
  const [alice, bob] = [await stage.join(0, 'alice'), await stage.join(1, 'bob')];
  const [carol, dave] = [await stage.join(1, 'carol'), await stage.join(1, 'dave')];
  await talk(alice, bob);
  await ring(carol, dave);
  await stage.settle(alice, bob, carol, dave);
  const pages = await Promise.all(stage.nodes.map(({ url }) => scrape(url)));
  const told = (name: string) => pages.map((page) => page.get(name));
  expect(told('signal_calls{state="active"}')).toEqual([1, 0]);
  expect(told('signal_calls{state="ringing"}')).toEqual([0, 1]);
  expect(told('signal_users_online')).toEqual([4, 4]);
});
