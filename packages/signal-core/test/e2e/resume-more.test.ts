import { FakeClock, ScriptedClient, startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { createMemoryStores } from '../../src/stores/memory/memory-stores.ts';
import { overriding, withCalls } from '../stores/overriding.ts';
import { answer, callTo, ring, stillTalking, talk } from './call-steps.ts';
import { told } from './loss-steps.ts';
import { joinResuming, numbered, resume, resumePoint } from './resume-steps.ts';
import { ANSWER, candidate } from './session-descriptions.ts';
import { stage } from './stage.ts';

/** Alice and Bob, whose devices resume, on a server with parts of one's own. */
async function twoResuming(parts: Parameters<typeof startTestServer>[0]) {
  const { url, close } = await startTestServer(parts);
  onTestFinished(close);
  const come = async (name: string, deviceId = 'phone') => {
    const client = await new ScriptedClient({ url, transport: 'websocket', name }).connect();
    onTestFinished(() => client.close());
    await client.join({ id: name, username: name, deviceId, features: ['resume'] });
    return client;
  };
  return { alice: await come('alice'), bob: await come('bob'), come };
}

test('[RESUME-6] of a call that was rejected meanwhile only the rejection follows', async () => {
  const here = await stage('websocket');
  const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
  const callId = await ring(alice, bob);
  await alice.drop();
  await told(bob, 'peer_reconnecting');
  expect(await bob.ask('reject_call', { callId })).toEqual({ ok: true });
  const { resumed } = await resume(alice, { callId, lastSeq: 0 });
  expect(resumed).toEqual([{ callId, recovered: true }]);
  await alice.next('call_rejected');
  expect(numbered(alice, callId)).toEqual([['call_rejected', 2]]);
});

test('[RESUME-6] of a call that the device ended itself nothing is left', async () => {
  const here = await stage('websocket');
  const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
  const callId = await talk(alice, bob);
  const point = resumePoint(alice, callId);
  await alice.ask('end_call', { callId });
  await alice.drop();
  expect((await resume(alice, point)).resumed).toEqual([{ callId, recovered: false }]);
});

test.each([
  [59_000, true],
  [66_000, false],
])('[RESUME-6] %i ms after the end of a call it is there to be resumed: %s', async (age, recovered) => {
  const clock = new FakeClock();
  const { alice, bob } = await twoResuming({ clock });
  const callId = await talk(alice, bob);
  await alice.ask('end_call', { callId });
  await bob.next('call_ended');
  const point = resumePoint(bob, callId);
  await clock.advance(age);
  await bob.drop();
  expect((await resume(bob, point)).resumed).toEqual([{ callId, recovered }]);
});

test('[LOSS-5] [LOSS-4] a device that was given up and comes again gets nothing of what was kept', async () => {
  const { join } = await stage('websocket', { graceMs: 100, presenceGraceMs: 100 });
  const [alice, bob] = [await join('alice'), await join('bob', { deviceId: 'phone' })];
  const callId = await talk(alice, bob);
  await bob.drop();
  await told(alice, 'peer_reconnecting');
  alice.send('ice_candidate', { to: bob.id, callId, candidate: candidate(1) });
  await alice.next('call_ended');
  await alice.next('users_updated', (users) => users.length === 1);
  bob.forget();
  await bob.comeBack();
  await bob.quiet('ice_candidate', 'call_ended', 'call_status');
});

test('[LOSS-8] [CALL-20] a device in a call hears no end of another one whose ring it missed', async () => {
  const { join } = await stage('websocket', { maxCallsPerUser: 2 });
  const [alice, bob, carol] = [await join('alice'), await join('bob'), await join('carol')];
  const first = await ring(alice, bob);
  await bob.drop();
  const second = { ...callTo(carol, bob), callId: 'second' };
  await carol.ask('call_user', second);
  // handled before any late ring: then it is in a call, and is not rung
  bob.send('accept_call', { callId: first, answer: ANSWER });
  await bob.comeBack();
  await alice.next('call_accepted');
  await carol.ask('end_call', { callId: 'second' });
  await bob.quiet('incoming_call', 'call_ended');
  await stillTalking(alice, bob, first);
});

test('[RESUME-3] what a device that resumes is sent meanwhile follows what it missed', async () => {
  let pause = async () => {};
  const stores = withCalls(createMemoryStores(), (calls) =>
    overriding(calls, {
      async line(userId) {
        if (userId === 'alice') await pause();
        return calls.line(userId);
      },
    }),
  );
  const { alice, bob } = await twoResuming({ stores });
  const callId = await ring(alice, bob);
  await alice.drop();
  await told(bob, 'peer_reconnecting');
  await bob.ask('accept_call', { callId, answer: ANSWER });
  let said = 0;
  pause = async () => {
    said += 1;
    await bob.ask('call_info', { callId, data: said });
  };
  await resume(alice, { callId, lastSeq: 0 });
  await alice.settle();
  expect(said).toBeGreaterThan(1);
  const expected = ['call_status', 'call_accepted', ...Array.from({ length: said }, () => 'call_info')];
  expect(numbered(alice, callId)).toEqual(expected.map((event, index) => [event, index + 1]));
});

test('[RESUME-5] [LOSS-8] a ring whose stream is not recovered is shown again', async () => {
  const here = await stage('websocket');
  const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
  const callId = await ring(alice, bob);
  await bob.drop();
  const { resumed } = await resume(bob, { callId, streamId: 'of-another-server', lastSeq: 1 });
  expect(resumed).toEqual([{ callId, recovered: false }]);
  expect(await bob.next('incoming_call')).toMatchObject({ callId, seq: 1 });
});

test('[RESUME-3] a device that comes back with other features has no stream', async () => {
  const here = await stage('websocket');
  const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
  const callId = await talk(alice, bob);
  const point = resumePoint(bob, callId);
  await bob.drop();
  await told(alice, 'peer_reconnecting');
  bob.user = { ...bob.user, id: bob.id, username: 'bob', features: ['resume', 'ice_batch'] };
  expect((await resume(bob, point)).resumed).toEqual([{ callId, recovered: false }]);
  await stillTalking(alice, bob, callId);
});

test('[RESUME-5] [LOSS-2] a ring that a device gave up is another one when it is back', async () => {
  const clock = new FakeClock();
  const { alice, bob, come } = await twoResuming({ clock, graceMs: 10_000, presenceGraceMs: 50_000 });
  const tablet = await come('bob', 'tablet');
  const callId = await ring(alice, bob);
  await tablet.next('incoming_call');
  const point = resumePoint(bob, callId);
  await bob.drop();
  await alice.settle();
  await clock.advance(11_000);
  expect((await resume(bob, point)).resumed).toEqual([{ callId, recovered: false }]);
  expect(await bob.next('incoming_call')).toMatchObject({ callId, seq: 1 });
  await answer(bob, alice, callId);
});
