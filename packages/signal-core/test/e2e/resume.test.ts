import { describe, expect, test } from 'vitest';
import { answer, callTo, ring, stillTalking, talk } from './call-steps.ts';
import { TRANSPORTS } from './legacy-client.ts';
import { told } from './loss-steps.ts';
import { joinResuming, numbered, resume, resumePoint, streamOf } from './resume-steps.ts';
import { ANSWER, candidates } from './session-descriptions.ts';
import { stage } from './stage.ts';

describe.each(TRANSPORTS)('a device that resumes over %s', (transport) => {
  test('[RESUME-1] the events of a call are numbered from 1, and the first names the stream', async () => {
    const here = await stage(transport);
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    const callId = await talk(alice, bob);
    await stillTalking(alice, bob, callId);
    bob.send('end_call', { callId });
    await alice.next('call_ended');
    expect(numbered(alice, callId)).toEqual([
      ['call_status', 1],
      ['call_accepted', 2],
      ['ice_candidate', 3],
      ['call_ended', 4],
    ]);
    const names = streamOf(alice, callId).map((event) => event.streamId);
    expect(names).toEqual([expect.stringMatching(/./), undefined, undefined, undefined]);
    expect(numbered(bob, callId)).toEqual([
      ['incoming_call', 1],
      ['ice_candidate', 2],
    ]);
  });

  test('[RESUME-1] a device without the feature sees no numbers', async () => {
    const here = await stage(transport);
    const [alice, bob] = [await joinResuming(here, 'alice'), await here.join('bob')];
    const callId = await talk(alice, bob);
    await stillTalking(alice, bob, callId);
    expect(numbered(bob, callId)).toEqual([
      ['incoming_call', undefined],
      ['ice_candidate', undefined],
    ]);
  });

  test('[RESUME-3] what was missed follows join_success, once and in order, sent in vain or not', async () => {
    const here = await stage(transport);
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    const callId = await talk(alice, bob);
    for (const one of candidates(1, 3)) alice.send('ice_candidate', { to: bob.id, candidate: one });
    await bob.next('ice_candidate', (got) => got.candidate?.candidate === candidates(3, 3)[0]?.candidate);
    const before = resumePoint(bob, callId);
    // as if the last two had been in flight
    before.lastSeq -= 2;
    await bob.drop();
    await told(alice, 'peer_reconnecting');
    for (const one of candidates(4, 6)) alice.send('ice_candidate', { to: bob.id, candidate: one });
    await alice.settle();
    const back = await resume(bob, before);
    expect(back.resumed).toEqual([{ callId, recovered: true }]);
    expect(back.calls).toMatchObject([{ callId, role: 'callee', status: 'active', here: true }]);
    await bob.settle();
    expect(bob.take('ice_candidate').map((got) => got.candidate)).toEqual(candidates(2, 6));
    expect(bob.log[0]).toMatchObject({ event: 'join_success' });
    await told(alice, 'peer_reconnected');
    await stillTalking(alice, bob, callId);
    const numbers = numbered(bob, callId).map(([, seq]) => seq);
    expect(numbers).toEqual(numbers.map((_, index) => before.lastSeq + 1 + index));
  });

  test('[RESUME-3] a caller that heard nothing of its call gets all of it, the answer too', async () => {
    const here = await stage(transport);
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    const callId = await ring(alice, bob, { callId: 'made-by-alice' });
    await alice.drop();
    expect(await bob.ask('accept_call', { callId, answer: ANSWER })).toEqual({ ok: true });
    const back = await resume(alice, { callId, lastSeq: 0 });
    expect(back.resumed).toEqual([{ callId, recovered: true }]);
    expect(await alice.next('call_accepted')).toMatchObject({ callId, answer: ANSWER });
    expect(numbered(alice, callId).slice(0, 2)).toEqual([
      ['call_status', 1],
      ['call_accepted', 2],
    ]);
    await stillTalking(alice, bob, callId);
  });

  test('[RESUME-4] [RESUME-2] more than is kept is not recovered: nothing of it is sent, and the call goes on', async () => {
    const here = await stage(transport);
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    const callId = await talk(alice, bob);
    const point = resumePoint(bob, callId);
    await bob.drop();
    await told(alice, 'peer_reconnecting');
    for (const one of candidates(1, 257)) alice.send('ice_candidate', { to: bob.id, candidate: one });
    await alice.settle();
    const back = await resume(bob, point);
    expect(back.resumed).toEqual([{ callId, recovered: false }]);
    expect(back.calls).toMatchObject([{ callId, status: 'active', here: true }]);
    await bob.quiet('ice_candidate', 'call_ended');
    await stillTalking(alice, bob, callId);
    expect(streamOf(bob, callId)[0]).toMatchObject({
      seq: 1,
      streamId: expect.not.stringMatching(`^${point.streamId}$`),
    });
  });

  test('[RESUME-4] a call that the server never knew is not recovered', async () => {
    const here = await stage(transport);
    const alice = await joinResuming(here, 'alice');
    await alice.drop();
    const back = await resume(alice, { callId: 'unheard-of', streamId: 'so', lastSeq: 3 });
    expect(back.resumed).toEqual([{ callId: 'unheard-of', recovered: false }]);
    expect(back.calls).toEqual([]);
  });

  test('[RESUME-5] a ring that the device knows is not shown again', async () => {
    const here = await stage(transport);
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    const callId = await ring(alice, bob);
    await bob.drop();
    const point = resumePoint(bob, callId);
    const back = await resume(bob, point);
    expect(back.resumed).toEqual([{ callId, recovered: true }]);
    await bob.quiet('incoming_call');
    await answer(bob, alice, callId);
    await stillTalking(alice, bob, callId);
  });

  test('[RESUME-5] [LOSS-8] a ring that the device does not name is shown again, in a new stream', async () => {
    const here = await stage(transport);
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    const callId = await ring(alice, bob);
    await bob.drop();
    await resume(bob);
    expect(await bob.next('incoming_call')).toMatchObject({ callId, seq: 1, streamId: expect.any(String) });
    await answer(bob, alice, callId);
  });

  test('[RESUME-5] [LOSS-8] a ring that came while it was away is shown when it is back', async () => {
    const here = await stage(transport);
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    await bob.drop();
    const reply = await alice.ask('call_user', callTo(alice, bob));
    expect(reply).toMatchObject({ ok: true, status: 'ringing' });
    await resume(bob);
    const { callId } = await bob.next('incoming_call');
    await answer(bob, alice, callId);
    await bob.quiet('incoming_call');
  });

  test('[RESUME-6] of a call that ended meanwhile only the end follows', async () => {
    const here = await stage(transport);
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    const callId = await talk(alice, bob);
    const point = resumePoint(bob, callId);
    await bob.drop();
    await told(alice, 'peer_reconnecting');
    for (const one of candidates(1, 300)) alice.send('ice_candidate', { to: bob.id, candidate: one });
    alice.send('end_call', { callId });
    await alice.settle();
    const back = await resume(bob, point);
    expect(back).toMatchObject({ calls: [], resumed: [{ callId, recovered: true }] });
    expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'hangup' });
    await bob.quiet('ice_candidate', 'call_ended');
    await bob.drop();
    await resume(bob);
    await bob.quiet('call_ended');
  });

  test('[JOIN-7] [RESUME-3] a connection that takes over a live one resumes its calls', async () => {
    const here = await stage(transport);
    const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
    const callId = await talk(alice, bob);
    const point = resumePoint(bob, callId);
    const newer = await here.join('bob', {
      deviceId: 'bob-phone',
      protocol: 2,
      features: ['resume'],
      resume: [point],
    });
    await bob.next('session_replaced');
    await bob.next('disconnect');
    await stillTalking(alice, newer, callId);
    expect(numbered(newer, callId)).toEqual([['ice_candidate', point.lastSeq + 1]]);
    await alice.quiet('call_ended');
  });

  test('[ERR-4] resume points that make no sense are refused, not followed', async () => {
    const here = await stage(transport);
    const user = await here.login('alice');
    const alice = await here.connect('alice');
    for (const resumed of [
      {},
      [{}],
      [{ callId: 'a' }],
      [{ callId: 'a', lastSeq: -1 }],
      [{ callId: 'a', lastSeq: 0.5 }],
    ]) {
      expect(await alice.refusal('join', { ...user, protocol: 2, resume: resumed })).toBe('invalid_payload');
    }
    const many = Array.from({ length: 1_001 }, (_, index) => ({ callId: `${index}`, lastSeq: 0 }));
    expect(await alice.refusal('join', { ...user, protocol: 2, resume: many })).toBe('invalid_payload');
    expect(await alice.ask('join', { ...user, protocol: 2, resume: many.slice(1) })).toMatchObject({ ok: true });
  });
});

test('[LOSS-1] a page that resumes may come back after its WebSocket closed with 1001', async () => {
  const here = await stage('websocket');
  const [alice, bob] = [await joinResuming(here, 'alice'), await here.join('bob')];
  const callId = await talk(alice, bob);
  const point = resumePoint(alice, callId);
  await alice.closePage();
  await told(bob, 'peer_reconnecting');
  await resume(alice, point);
  await told(bob, 'peer_reconnected');
  await stillTalking(alice, bob, callId);
  await bob.closePage();
  expect(await alice.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
});
