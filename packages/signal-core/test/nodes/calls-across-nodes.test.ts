import { describe, expect, test } from 'vitest';
import { answer, ring, stillTalking, talk } from '../e2e/call-steps.ts';
import { ANSWER, candidates, OFFER } from '../e2e/session-descriptions.ts';
import { MODERN, trickled } from '../e2e/talk-steps.ts';
import { startNodes } from './two-nodes.ts';

describe('a call between devices of two nodes', () => {
  test('[NODE-1] rings on the devices of both, is answered by one, and the others are told', async () => {
    const { nodes, join, settle } = await startNodes();
    const events: string[] = [];
    for (const [node, { signaling }] of nodes.entries()) {
      signaling.on('callStarted', () => events.push(`started at ${node}`));
      signaling.on('callAnswered', () => events.push(`answered at ${node}`));
      signaling.on('callEnded', () => events.push(`ended at ${node}`));
    }
    const alice = await join(0, 'alice');
    const near = await join(0, 'bob');
    const far = await join(1, 'bob');
    const callId = await ring(alice, far);
    expect((await near.next('incoming_call')).callId).toBe(callId);
    const accepted = await answer(far, alice, callId);
    expect(accepted.answer).toEqual(ANSWER);
    expect(await near.next('call_ended')).toMatchObject({ callId, reason: 'answered_elsewhere' });
    await stillTalking(alice, far, callId);
    far.send('end_call', { callId });
    expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'hangup' });
    await settle(alice, near, far);
    await near.quiet('call_ended', 'call_status');
    expect(events).toEqual(['started at 0', 'answered at 1', 'ended at 1']);
  });

  test('[NODE-1] is hung up by the caller, and its callee is told', async () => {
    const { join } = await startNodes();
    const [alice, bob] = [await join(0, 'alice'), await join(1, 'bob')];
    const callId = await talk(alice, bob);
    alice.send('end_call', { callId });
    expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'hangup' });
  });

  test('[NODE-1] is cancelled while it rings', async () => {
    const { join } = await startNodes();
    const [alice, bob] = [await join(0, 'alice'), await join(1, 'bob')];
    const callId = await ring(alice, bob);
    alice.send('end_call', { callId });
    expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'cancelled' });
  });

  test('[NODE-1] is declined, and the other devices of the callee stop ringing', async () => {
    const { join } = await startNodes();
    const [alice, near, far] = [await join(0, 'alice'), await join(0, 'bob'), await join(1, 'bob')];
    const callId = await ring(alice, far);
    await near.next('incoming_call');
    far.send('reject_call', { callId });
    expect(await alice.next('call_rejected')).toMatchObject({ callId, reason: 'declined' });
    expect(await near.next('call_ended')).toMatchObject({ callId, reason: 'rejected_elsewhere' });
  });

  test('[NODE-1] is refused busy when the callee talks at another node', async () => {
    const { join } = await startNodes();
    const [alice, bob, carol] = [await join(0, 'alice'), await join(1, 'bob'), await join(0, 'carol')];
    await talk(alice, bob);
    expect(await carol.refusal('call_user', { to: 'bob', callType: 'video', offer: OFFER })).toBe('busy');
  });

  test('[NODE-1] of two who call each other at once, from two nodes, one call is placed', async () => {
    const { join } = await startNodes();
    const [alice, bob] = [await join(0, 'alice'), await join(1, 'bob')];
    const dial = (callId: string, to: string) => ({ callId, to, callType: 'video', offer: OFFER });
    const answers = await Promise.all([
      alice.ask('call_user', dial('a', 'bob')),
      bob.ask('call_user', dial('b', 'alice')),
    ]);
    const codes = answers.map((answer) => (answer.ok ? 'ok' : answer.error.code));
    expect(codes.toSorted()).toEqual(['glare', 'ok']);
    const [caller, callee] = codes[0] === 'ok' ? [alice, bob] : [bob, alice];
    const { callId } = await callee.next('incoming_call');
    await answer(callee, caller, callId);
  });

  test('[NODE-1] rings out, and both are told', async () => {
    const { clock, join } = await startNodes({ ringTimeoutMs: 20_000 });
    const [alice, bob] = [await join(0, 'alice'), await join(1, 'bob')];
    const callId = await ring(alice, bob);
    await clock.advance(20_250);
    expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'no_answer' });
    expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'no_answer' });
  });

  test('[NODE-1] goes on when a device comes back to its node in time, and ends when it does not', async () => {
    const { clock, join } = await startNodes({ graceMs: 10_000 });
    const [alice, bob] = [await join(0, 'alice'), await join(1, 'bob')];
    const callId = await talk(alice, bob);
    await bob.cutWire();
    expect(await alice.next('call_status')).toEqual({ callId, status: 'peer_reconnecting' });
    await bob.comeBack();
    expect(await alice.next('call_status')).toEqual({ callId, status: 'peer_reconnected' });
    await stillTalking(alice, bob, callId);
    await bob.cutWire();
    expect(await alice.next('call_status')).toEqual({ callId, status: 'peer_reconnecting' });
    await clock.advance(10_500);
    expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
  });

  test('[NODE-1] rings a device that comes late, wherever it comes', async () => {
    const { join } = await startNodes();
    const [alice, bob] = [await join(0, 'alice'), await join(0, 'bob')];
    const callId = await ring(alice, bob);
    const late = await join(1, 'bob');
    expect((await late.next('incoming_call')).callId).toBe(callId);
    await answer(late, alice, callId);
    expect(await bob.next('call_ended')).toMatchObject({ reason: 'answered_elsewhere' });
    await stillTalking(alice, late, callId);
  });

  test('[NODE-1] trickles both ways, what came before the answer too, in order', async () => {
    const { join, settle } = await startNodes();
    const [alice, bob] = [await join(0, 'alice', MODERN), await join(1, 'bob', MODERN)];
    const callId = await ring(alice, bob);
    for (const each of candidates(1, 3)) alice.send('ice_candidate', { to: 'bob', callId, candidate: each });
    await settle(alice, bob);
    expect(await trickled(bob, alice)).toEqual(candidates(1, 3));
    for (const each of candidates(11, 13)) bob.send('ice_candidate', { to: 'alice', callId, candidate: each });
    await answer(bob, alice, callId);
    for (const each of candidates(4, 6)) alice.send('ice_candidate', { to: 'bob', callId, candidate: each });
    await settle(alice, bob);
    expect(await trickled(bob, alice)).toEqual(candidates(1, 6));
    expect(await trickled(alice, bob)).toEqual(candidates(11, 13));
    expect(alice.order('call_accepted', 'ice_candidate', 'ice_candidates')[0]).toBe('call_accepted');
  });

  test('[ICE-10] [NODE-1] gives a rung device that was lost all of the early candidates again, once', async () => {
    const { clock, join, settle } = await startNodes();
    const [alice, bob] = [await join(0, 'alice', MODERN), await join(1, 'bob', MODERN)];
    const callId = await ring(alice, bob);
    const trickle = (from: number, to: number) => {
      for (const each of candidates(from, to)) alice.send('ice_candidate', { to: 'bob', callId, candidate: each });
    };
    trickle(1, 2);
    await settle(alice, bob);
    await bob.cutWire();
    trickle(3, 4);
    await clock.advance(0);
    await settle(alice);
    bob.forget();
    await bob.comeBack();
    await bob.next('incoming_call');
    await settle(alice, bob);
    expect(await trickled(bob, alice)).toEqual(candidates(1, 4));
  });
});
