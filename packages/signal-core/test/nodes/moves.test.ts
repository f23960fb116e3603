import { describe, expect, test } from 'vitest';
import type { NodeMessage } from '../../src/stores/nodes.ts';
import { answer, ring, talk } from '../e2e/call-steps.ts';
import { loseInCall } from '../e2e/loss-steps.ts';
import { numbered, resumePoint } from '../e2e/resume-steps.ts';
import { ANSWER, candidates } from '../e2e/session-descriptions.ts';
import { EARLY, trickled } from '../e2e/talk-steps.ts';
import { arrive, comeBackAt, hearing, RESUMING, signal, trickle } from './move-steps.ts';
import { startNodes } from './two-nodes.ts';

describe('a device that comes back at another node', () => {
  test('[NODE-5] gets all that it missed of its call, once and in order, and its streams go on', async () => {
    const stage = await startNodes();
    const [alice, bob] = [await stage.join(0, 'alice'), await stage.join(0, 'bob', RESUMING)];
    const callId = await talk(alice, bob);
    const point = resumePoint(bob, callId);
    await loseInCall(bob, alice, callId);
    trickle(alice, bob, 1, 3);
    await alice.settle();
    const { client: back, success } = await comeBackAt(stage, 1, 'bob', point);
    expect(success.resumed).toEqual([{ callId, recovered: true }]);
    expect(success.calls).toMatchObject([{ callId, status: 'active', here: true }]);
    expect(await alice.next('call_status')).toEqual({ callId, status: 'peer_reconnected' });
    expect(await trickled(back)).toEqual(candidates(1, 3));
    alice.send('end_call', { callId });
    await back.next('call_ended', (call) => call.callId === callId);
    expect(numbered(back, callId)).toEqual([
      ['ice_candidate', point.lastSeq + 1],
      ['ice_candidate', point.lastSeq + 2],
      ['ice_candidate', point.lastSeq + 3],
      ['call_ended', point.lastSeq + 4],
    ]);
  });

  test('[NODE-5] goes there and back again, and misses nothing', async () => {
    const stage = await startNodes();
    const [alice, bob] = [await stage.join(0, 'alice'), await stage.join(0, 'bob', RESUMING)];
    const callId = await ring(alice, bob);
    const point = resumePoint(bob, callId);
    await bob.drop();
    for (const node of [1, 0, 1]) {
      const { client, success } = await comeBackAt(stage, node, 'bob', point);
      expect(success.resumed).toEqual([{ callId, recovered: true }]);
      await client.quiet('incoming_call');
      await client.drop();
    }
    const { client } = await comeBackAt(stage, 1, 'bob', point);
    await answer(client, alice, callId);
  });

  test('[NODE-5] without the feature resume gets what waited, once', async () => {
    const stage = await startNodes();
    const alice = await stage.join(0, 'alice');
    const bob = { id: 'bob', username: 'bob', deviceId: 'phone', protocol: 2 };
    const { client: first } = await arrive(stage, 0, bob);
    const callId = await talk(alice, first);
    await loseInCall(first, alice, callId);
    trickle(alice, first, 1, 3);
    await alice.settle();
    const { client: second } = await arrive(stage, 1, bob);
    expect(await trickled(second)).toEqual(candidates(1, 3));
    await second.drop();
    const { client: third } = await arrive(stage, 0, bob);
    expect(await trickled(third)).toEqual([]);
  });

  test('[NODE-5] as a legacy device, known by its user agent, gets what waited', async () => {
    const stage = await startNodes();
    const alice = await stage.join(0, 'alice');
    const bob = { id: 'bob', username: 'bob' };
    const { client: first } = await arrive(stage, 0, bob);
    const callId = await talk(alice, first);
    await loseInCall(first, alice, callId);
    alice.send('end_call', { callId });
    await alice.settle();
    const { client: second } = await arrive(stage, 1, bob);
    expect(second.deviceId).toBe(first.deviceId);
    expect(await second.next('call_ended')).toMatchObject({ callId, reason: 'hangup' });
    await second.quiet('call_ended');
  });

  test('[NODE-5] as a caller that still rings: what it trickled before reaches the callee with the answer', async () => {
    const stage = await startNodes();
    const [alice, bob] = [await stage.join(0, 'alice', RESUMING), await stage.join(1, 'bob')];
    const callId = await ring(alice, bob);
    trickle(alice, bob, 1, 3);
    await alice.settle();
    const { client: back } = await comeBackAt(stage, 1, 'alice', resumePoint(alice, callId));
    await back.settle();
    await answer(bob, back, callId);
    expect(await trickled(bob)).toEqual(candidates(1, 3));
  });

  test('[NODE-5] [ICE-10] as a caller, goes on to trickle to a device that is still rung', async () => {
    const stage = await startNodes({ count: 3 });
    const [alice, bob] = [await stage.join(0, 'alice', RESUMING), await stage.join(2, 'bob', EARLY)];
    const callId = await ring(alice, bob);
    await stage.settle(alice, bob);
    trickle(alice, bob, 1, 3);
    await stage.settle(alice, bob);
    const { client: back } = await comeBackAt(stage, 1, 'alice', resumePoint(alice, callId));
    trickle(back, bob, 4, 6);
    await stage.settle(back, bob);
    expect(await trickled(bob)).toEqual(candidates(1, 6));
    await answer(bob, back, callId);
    await stage.settle(back, bob);
    expect(await trickled(bob)).toEqual(candidates(1, 6));
  });

  test('[NODE-5] as a callee that trickles before it answers', async () => {
    const stage = await startNodes();
    const [alice, bob] = [await stage.join(1, 'alice'), await stage.join(0, 'bob', RESUMING)];
    const callId = await ring(alice, bob);
    trickle(bob, alice, 1, 3);
    await bob.settle();
    const { client: back } = await comeBackAt(stage, 1, 'bob', resumePoint(bob, callId));
    await answer(back, alice, callId);
    expect(await trickled(alice)).toEqual(candidates(1, 3));
  });

  test('[NODE-5] with candidates for a call that it is to place yet', async () => {
    const stage = await startNodes();
    const [alice, bob] = [await stage.join(0, 'alice', RESUMING), await stage.join(1, 'bob')];
    trickle(alice, bob, 1, 3);
    await alice.settle();
    const { client: back } = await comeBackAt(stage, 1, 'alice');
    const callId = await ring(back, bob);
    await answer(bob, back, callId);
    expect(await trickled(bob)).toEqual(candidates(1, 3));
  });

  test('[NODE-5] [JOIN-7] and the connection that it had gets session_replaced', async () => {
    const stage = await startNodes();
    const first = await stage.join(0, 'bob', RESUMING);
    const watcher = await stage.join(0, 'watcher', { presence: 'delta' });
    const { client: second } = await comeBackAt(stage, 1, 'bob');
    await first.next('session_replaced');
    await first.next('disconnect');
    await stage.clock.advance(1_000);
    await stage.settle(watcher, second);
    watcher.forget();
    await stage.clock.advance(20_000);
    await stage.settle(watcher, second);
    await watcher.quiet('presence_changed');
    expect(await stage.nodes[0]?.signaling.stats()).toMatchObject({ connections: 1, activeUsers: 2 });
  });

  test('[NODE-5] hears of what happens to its call while it is on the way', async () => {
    const stage = await startNodes({ count: 3 });
    const [alice, bob] = [await stage.join(0, 'alice', RESUMING), await stage.join(2, 'bob')];
    const callId = await ring(alice, bob);
    const point = resumePoint(alice, callId);
    const accepted = bob.ask('accept_call', { callId, answer: ANSWER });
    const { client: back, success } = await comeBackAt(stage, 1, 'alice', point);
    expect(success.resumed).toEqual([{ callId, recovered: true }]);
    expect(await accepted).toEqual({ ok: true });
    await stage.settle(back, bob);
    expect(back.take('call_accepted')).toMatchObject([{ callId, answer: ANSWER }]);
  });

  test('[NODE-5] whose former node does not answer is told so within a second, and its call goes on', async () => {
    const asked = signal();
    const hear = ({ type }: NodeMessage, pass: () => void) => (type === 'hand_over' ? asked.happen() : pass());
    const stage = await startNodes({ before: (stores, node) => (node === 0 ? hearing(stores, hear) : stores) });
    const [alice, bob] = [await stage.join(1, 'alice'), await stage.join(0, 'bob', RESUMING)];
    const callId = await talk(alice, bob);
    const point = resumePoint(bob, callId);
    const back = comeBackAt(stage, 1, 'bob', point);
    await asked.happened;
    await stage.clock.advance(1_000);
    const { client, success } = await back;
    expect(success.resumed).toEqual([{ callId, recovered: false }]);
    expect(success.calls).toMatchObject([{ callId, status: 'active', here: true }]);
    trickle(client, alice, 1, 3);
    await client.settle();
    expect(await trickled(alice)).toEqual(candidates(1, 3));
    trickle(alice, client, 4, 6);
    await alice.settle();
    expect(await trickled(client)).toEqual(candidates(4, 6));
    await stage.clock.advance(10_000);
    await bob.next('session_replaced');
  });

  describe.each([0, 1, 2])('while something happens to its call at node %i', (node) => {
    /** Alice calls Bob, and moves from node 0 to 1; she has left the one, and not reached the other yet. */
    async function onTheWay() {
      const [left, arrive] = [signal(), signal()];
      const hear = ({ type }: NodeMessage, pass: () => void) => {
        if (type !== 'handed_over') return pass();
        left.happen();
        arrive.happened.then(pass);
      };
      const stage = await startNodes({
        count: 3,
        before: (stores, each) => (each === 1 ? hearing(stores, hear) : stores),
      });
      const [alice, bob] = [await stage.join(0, 'alice', RESUMING), await stage.join(node, 'bob')];
      const callId = await ring(alice, bob);
      await alice.drop();
      const back = comeBackAt(stage, 1, 'alice', resumePoint(alice, callId));
      await left.happened;
      return { stage, bob, callId, back, arrive: arrive.happen };
    }

    test('[NODE-5] [NODE-2] is told of the answer, once', async () => {
      const { stage, bob, callId, back, arrive } = await onTheWay();
      expect(await bob.ask('accept_call', { callId, answer: ANSWER })).toEqual({ ok: true });
      await stage.settle(bob);
      arrive();
      const { client, success } = await back;
      expect(success.resumed).toEqual([{ callId, recovered: true }]);
      await stage.settle(client, bob);
      expect(client.take('call_accepted')).toMatchObject([{ callId, answer: ANSWER }]);
      await client.quiet('call_ended');
    });

    test('[NODE-5] [NODE-2] is told of the end, once', async () => {
      const { stage, bob, callId, back, arrive } = await onTheWay();
      expect(await bob.ask('reject_call', { callId })).toEqual({ ok: true });
      await stage.settle(bob);
      arrive();
      const { client, success } = await back;
      expect(success.resumed).toEqual([{ callId, recovered: true }]);
      await stage.settle(client, bob);
      expect(client.take('call_rejected')).toMatchObject([{ callId, reason: 'declined' }]);
    });
  });
});
