import { expect, onTestFinished, test, vi } from 'vitest';
import { answer, ring, stillTalking, talk } from '../e2e/call-steps.ts';
import { numbered, resumePoint } from '../e2e/resume-steps.ts';
import { comeBackAt, RESUMING } from './move-steps.ts';
import { startNodes } from './two-nodes.ts';

/** A node that takes its time as it goes: whose connection is closed first comes back while it is still there. */
async function parting() {
  const stage = await startNodes();
  const [node] = stage.nodes;
  return {
    ...stage,
    stage,
    async go() {
      const moments = vi.spyOn(Math, 'random').mockReturnValueOnce(0).mockReturnValue(0.99);
      onTestFinished(() => moments.mockRestore());
      const closed = node?.signaling.close({ overMs: 10_000, reconnectAfterMs: 0 });
      await stage.clock.advance(100);
      onTestFinished(async () => {
        await stage.clock.advance(11_000);
        await closed;
      });
    },
  };
}

test('[NODE-11] whoever is let go comes back at another node with their call, and misses nothing', async () => {
  const { stage, join, go } = await parting();
  const [alice, bob] = [await join(0, 'alice', RESUMING), await join(0, 'bob')];
  const callId = await talk(bob, alice);
  const point = resumePoint(alice, callId);
  await go();
  await alice.next('disconnect');
  const { client: back, success } = await comeBackAt(stage, 1, 'alice', point);
  expect(success.resumed).toEqual([{ callId, recovered: true }]);
  await stillTalking(back, bob, callId);
  expect(numbered(back, callId).map(([event]) => event)).not.toContain('call_ended');
  await bob.quiet('call_ended');
});

test('[NODE-11] a call that rings goes on ringing, and is answered at the node that goes', async () => {
  const { stage, join, go } = await parting();
  const [alice, bob] = [await join(0, 'alice', RESUMING), await join(0, 'bob')];
  const callId = await ring(alice, bob);
  const point = resumePoint(alice, callId);
  await go();
  await alice.next('disconnect');
  const { client: back } = await comeBackAt(stage, 1, 'alice', point);
  await bob.quiet('call_ended');
  await answer(bob, back, callId);
});

test('[NODE-11] a node that goes takes no new call', async () => {
  const { join, go } = await parting();
  const [, bob, carol] = [await join(0, 'alice'), await join(0, 'bob'), await join(1, 'carol')];
  await go();
  const call = { to: 'carol', callType: 'video', offer: { type: 'offer', sdp: 'v=0\r\n' } };
  expect(await bob.refusal('call_user', call)).toBe('server_draining');
  await ring(carol, bob);
});
