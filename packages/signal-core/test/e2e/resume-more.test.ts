import { FakeClock, ScriptedClient, startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { callTo, ring, stillTalking, talk } from './call-steps.ts';
import { told } from './loss-steps.ts';
import { joinResuming, numbered, resume, resumePoint } from './resume-steps.ts';
import { ANSWER, candidate } from './session-descriptions.ts';
import { stage } from './stage.ts';

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
  const { url, close } = await startTestServer({ clock });
  onTestFinished(close);
  const [alice, bob] = await Promise.all(
    ['alice', 'bob'].map(async (name) => {
      const client = await new ScriptedClient({ url, transport: 'websocket', name }).connect();
      onTestFinished(() => client.close());
      await client.join({ id: name, username: name, deviceId: 'phone', features: ['resume'] });
      return client;
    }),
  );
  if (alice === undefined || bob === undefined) throw new Error('nobody is here');
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

test('[RESUME-3] what a device that resumes is sent later follows what it missed', async () => {
  const here = await stage('websocket');
  const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
  const callId = await ring(alice, bob);
  await alice.drop();
  await told(bob, 'peer_reconnecting');
  await bob.ask('accept_call', { callId, answer: ANSWER });
  const back = resume(alice, { callId, lastSeq: 0 });
  for (let n = 0; n < 20; n += 1) bob.send('call_info', { callId, data: n });
  await back;
  await alice.next('call_info', ({ data }) => data === 19);
  expect(numbered(alice, callId).map(([, seq]) => seq)).toEqual(Array.from({ length: 22 }, (_, index) => index + 1));
});
