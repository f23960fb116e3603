import { describe, expect, test } from 'vitest';
import type { NodeMessage } from '../../src/stores/nodes.ts';
import { talk } from '../e2e/call-steps.ts';
import { resumePoint } from '../e2e/resume-steps.ts';
import { comeBackAt, hearing, RESUMING } from './move-steps.ts';
import { startNodes } from './two-nodes.ts';

/** Alice, at node 0, talks to Bob, at node 1, who comes to node 0 while what she said last is on its way to node 1. */
async function onTheWay(leave: 'cut' | 'takeover', arrived = 3) {
  const held: (() => void)[] = [];
  let isHeld = false;
  const hear = ({ type }: NodeMessage, pass: () => void) => {
    if (type === 'relay' && isHeld) held.push(pass);
    else pass();
  };
  const stage = await startNodes({ before: (stores, node) => (node === 1 ? hearing(stores, hear) : stores) });
  const [alice, bob] = [await stage.join(0, 'alice', RESUMING), await stage.join(1, 'bob', RESUMING)];
  const callId = await talk(alice, bob);
  const say = (first: number, last: number) => {
    for (let data = first; data <= last; data += 1) alice.send('call_info', { callId, data });
    return stage.settle(alice);
  };
  await say(1, arrived);
  await stage.settle(bob);
  isHeld = true;
  await say(arrived + 1, arrived + 3);
  expect(held).toHaveLength(3);
  if (leave === 'cut') await bob.cutWire();
  const point = resumePoint(bob, callId);
  const { client: back, success } = await comeBackAt(stage, 0, 'bob', point);
  expect(success.resumed).toEqual([{ callId, recovered: true }]);
  const heard = () => back.log.flatMap(({ event, payload }) => (event === 'call_info' ? [Object(payload).data] : []));
  return { stage, back, callId, point, say, heard, held };
}

describe.each(['cut', 'takeover'] as const)('a device that comes to the node of its peer, by a %s', (leave) => {
  test('[NODE-4] [NODE-5] gets what was on its way to where it was, and nothing overtakes that', async () => {
    const { stage, back, say, heard, held } = await onTheWay(leave);
    await say(7, 8);
    await back.settle();
    expect(heard()).toEqual([]);
    for (const pass of held) pass();
    await stage.settle(back);
    expect(heard()).toEqual([4, 5, 6, 7, 8]);
    await say(9, 9);
    await back.settle();
    expect(heard()).toEqual([4, 5, 6, 7, 8, 9]);
    await stage.clock.advance(1_000);
    await back.quiet('disconnect');
  });

  test('[NODE-4] is told when that is lost', async () => {
    const { stage, back, callId, point, say } = await onTheWay(leave);
    await say(7, 8);
    await stage.clock.advance(500);
    await back.next('disconnect');
    const { success } = await comeBackAt(stage, 0, 'bob', point);
    expect(success.resumed).toEqual([{ callId, recovered: false }]);
  });
});

test('[NODE-4] [NODE-5] a device that had got nothing of its peer yet gets all of it from the first', async () => {
  const { stage, back, heard, say, held } = await onTheWay('takeover', 0);
  await say(4, 4);
  expect(heard()).toEqual([]);
  held.shift()?.();
  await stage.settle(back);
  expect(heard()).toEqual([1]);
  for (const pass of held.splice(0)) pass();
  await stage.settle(back);
  expect(heard()).toEqual([1, 2, 3, 4]);
});
