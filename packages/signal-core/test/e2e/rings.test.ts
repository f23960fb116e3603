import { expect, test } from 'vitest';
import { callTo, ring } from './call-steps.ts';
import { stage } from './stage.ts';

test('[LOSS-8] [CALL-20] a returning device hears nothing of a call that rang and ended while it was away', async () => {
  const { join, connect } = await stage('websocket');
  const [alice, bob] = [await join('alice'), await join('bob', { deviceId: 'phone' })];
  await bob.drop();
  const callId = await alice.ask('call_user', callTo(alice, bob)).then((reply) => Object(reply).callId);
  await alice.ask('end_call', { callId });
  const back = await connect('bob');
  await back.join({ id: bob.id, username: 'bob', deviceId: 'phone' });
  await back.quiet('call_ended', 'incoming_call');
});

test('[LOSS-8] [JOIN-4] a device is rung once by a call that comes while its held events are handled', async () => {
  let decide: (allowed: boolean) => void = () => {};
  const decided = new Promise<boolean>((resolve) => {
    decide = resolve;
  });
  const authorizeCall = ({ to }: { to: { id: string } }) => (to.id === 'slow' ? decided : true);
  const { join, connect, login } = await stage('websocket', { authorizeCall });
  const alice = await join('alice');
  const user = await login('bob');
  const bob = await connect('bob');
  bob.send('call_user', callTo(bob, { id: 'slow' }));
  await bob.join(user);
  await alice.ask('call_user', callTo(alice, user));
  await bob.next('incoming_call');
  decide(false);
  await bob.next('signal_error');
  await bob.quiet('incoming_call');
});

test('[CALL-19] [JOIN-8] a device that leaves before its late ring has no part in the call', async () => {
  const { join, connect, login } = await stage('websocket');
  const [alice, bob] = [await join('alice'), await join('bob')];
  await ring(alice, bob);
  const phone = await connect('phone');
  phone.send('leave');
  await phone.join(await login('bob'));
  await phone.quiet('incoming_call');
  bob.send('leave');
  expect(await alice.next('call_ended')).toMatchObject({ reason: 'peer_disconnected' });
});

test('[ICE-10] [JOIN-8] a device that left the ringing and is back has each candidate once', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice'), await join('bob')];
  const phone = await join('bob', { deviceId: 'phone', features: ['early_candidates'] });
  const callId = await ring(alice, bob);
  const trickle = async (name: string) => {
    await alice.ask('ice_candidate', { to: bob.id, callId, candidate: { candidate: `candidate:${name}` } });
    await phone.settle();
    return phone.take('ice_candidate').map(({ candidate }) => candidate?.candidate);
  };
  expect(await trickle('one')).toEqual(['candidate:one']);
  await phone.ask('leave');
  await phone.join({ ...phone.user, id: bob.id, username: 'bob' });
  await phone.next('incoming_call', (call) => call.callId === callId);
  expect(await trickle('two')).toEqual(['candidate:one', 'candidate:two']);
});

test('[HOST-10] a user who is disconnected while a hook decides leaves no call behind', async () => {
  let decide: (allowed: boolean) => void = () => {};
  const asked = new Promise<void>((resolve) => {
    const decision = new Promise<boolean>((allow) => {
      decide = allow;
    });
    hook = () => {
      resolve();
      return decision;
    };
  });
  const { join, signaling } = await stage('websocket', { authorizeCall: () => hook() });
  const [alice, bob] = [await join('alice'), await join('bob')];
  alice.send('call_user', callTo(alice, bob));
  await asked;
  expect(await signaling.disconnectUser(alice.id)).toBe(1);
  decide(true);
  await bob.next('incoming_call');
  expect(await bob.next('call_ended')).toMatchObject({ reason: 'peer_disconnected' });
  expect(await signaling.activeCalls()).toEqual([]);
});

test('[HOST-6] a call that a hook was still asked about is not placed by a server that has closed', async () => {
  let decide: (allowed: boolean) => void = () => {};
  const decision = new Promise<boolean>((allow) => {
    decide = allow;
  });
  let isAsked: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  const { join, signaling } = await stage('websocket', {
    authorizeCall: () => {
      isAsked();
      return decision;
    },
  });
  const [alice, bob] = [await join('alice'), await join('bob')];
  alice.send('call_user', callTo(alice, bob));
  await asked;
  const closed = signaling.close();
  decide(true);
  await closed;
  expect(await signaling.activeCalls()).toEqual([]);
});

test('[ICE-8] candidates that a redialling caller sent before its new call reach the callee', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice'), await join('bob')];
  await ring(alice, bob);
  alice.send('ice_candidate', { to: bob.id, candidate: { candidate: 'candidate:early' } });
  alice.send('call_user', callTo(alice, bob));
  await bob.next('call_ended');
  const { callId } = await bob.next('incoming_call');
  bob.send('accept_call', { callId, answer: { type: 'answer', sdp: 'v=0\r\n' } });
  expect(await bob.next('ice_candidate')).toMatchObject({ candidate: { candidate: 'candidate:early' } });
});

let hook: () => Promise<boolean>;

test('[LOSS-8] a device that missed the ring hears nothing of the call before it is rung', async () => {
  const { join } = await stage('websocket');
  const [alice, bob] = [await join('alice', { deviceId: 'laptop' }), await join('bob', { deviceId: 'phone' })];
  await alice.drop();
  await bob.ask('call_user', callTo(bob, alice));
  await bob.drop();
  await alice.comeBack();
  await alice.settle();
  expect(alice.order('call_status', 'incoming_call')).toEqual(['incoming_call']);
});
