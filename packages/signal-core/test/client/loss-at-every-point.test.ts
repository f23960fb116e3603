import type { SignalingCall, Traffic } from 'signal-core/client';
import { describe, expect, it } from 'vitest';
import { ANSWER, candidates, OFFER } from '../e2e/session-descriptions.ts';
import { VIDEO } from './call-steps.ts';
import { all, next } from './heard.ts';
import { type Guest, stage } from './stage.ts';

type Point = readonly [who: 'caller' | 'callee', direction: Traffic['direction'], event: string];

/** Everything that passes in a whole call. */
const POINTS: Point[] = [
  ['caller', 'sent', 'call_user'],
  ['caller', 'ack', 'call_user'],
  ['callee', 'received', 'incoming_call'],
  ['callee', 'sent', 'accept_call'],
  ['callee', 'ack', 'accept_call'],
  ['caller', 'received', 'call_accepted'],
  ['caller', 'sent', 'ice_candidates'],
  ['callee', 'received', 'ice_candidates'],
  ['caller', 'ack', 'ice_candidates'],
  ['caller', 'sent', 'session_description'],
  ['callee', 'received', 'session_description'],
  ['callee', 'sent', 'call_info'],
  ['caller', 'received', 'call_info'],
  ['callee', 'sent', 'end_call'],
  ['callee', 'ack', 'end_call'],
  ['caller', 'received', 'call_ended'],
];

/** Cuts a guest's connection at the first thing of that kind on its wire. */
function cutAt(guest: Guest, [, direction, event]: Point, when: 'before' | 'after'): { wasCut(): boolean } {
  let wasCut = false;
  const { push } = guest.wire;
  guest.wire.push = (traffic) => {
    if (!wasCut && traffic.direction === direction && traffic.event === event) {
      wasCut = true;
      if (when === 'before') guest.proxy.cut();
      else setTimeout(() => guest.proxy.cut(), 3);
    }
    return push.call(guest.wire, traffic);
  };
  return { wasCut: () => wasCut };
}

/** Resolves once all of them have come, in whatever portions. */
async function heardCandidates(call: SignalingCall, count: number) {
  const heard = all(call, 'candidates');
  while (heard.flat(2).length < count) await next(call, 'candidates');
  return heard;
}

describe.each(['before', 'after'] as const)('a connection that breaks %s', (when) => {
  it.each(POINTS)('[CLIENT-4] [CLIENT-5] %s %s %s: the call goes on, and everything arrives once', async (...point) => {
    const { join } = await stage();
    const [alice, bob] = [await join('alice'), await join('bob')];
    const cut = cutAt(point[0] === 'caller' ? alice : bob, point, when);
    const rings = all(bob.client, 'incomingCall');

    const incoming = next(bob.client, 'incomingCall');
    const placing = alice.client.call(bob.id, VIDEO);
    const [rung] = await incoming;
    const placed = await placing;
    const answers = all(placed, 'accepted');
    const [descriptions, infos] = [all(rung, 'description'), all(placed, 'info')];
    const ends = [all(placed, 'ended'), all(rung, 'ended')];
    const [there, here] = [heardCandidates(rung, 31), heardCandidates(placed, 5)];

    for (const candidate of candidates(1, 10)) placed.sendCandidate(candidate);
    for (const candidate of candidates(101, 105)) rung.sendCandidate(candidate);
    const accepted = next(placed, 'accepted');
    await rung.accept(ANSWER);
    await accepted;
    for (const candidate of candidates(11, 20)) placed.sendCandidate(candidate);
    await placed.sendDescription(OFFER);
    for (const candidate of [...candidates(21, 30), null]) placed.sendCandidate(candidate);
    const informed = next(placed, 'info');
    await rung.sendInfo({ muted: true });
    // of what an end hides from a lost device only the end is kept (RESUME-6)
    await informed;
    const [toCallee, toCaller] = [await there, await here];
    const ended = next(placed, 'ended');
    await rung.end();
    await ended;

    expect(cut.wasCut()).toBe(true);
    expect(rings).toHaveLength(1);
    expect(answers).toEqual([[ANSWER]]);
    expect(toCallee.flat(2)).toEqual([...candidates(1, 30), null]);
    expect(toCaller.flat(2)).toEqual(candidates(101, 105));
    expect(descriptions).toEqual([[OFFER]]);
    expect(infos).toEqual([[{ muted: true }]]);
    const hangup = { reason: 'hangup', by: bob.id, durationMs: expect.any(Number) };
    expect(ends).toEqual([[[hangup]], [[hangup]]]);
    expect([placed.state, rung.state]).toEqual(['ended', 'ended']);
  });
});
