import { type SignalingCall, SignalingError } from 'signal-core/client';
import { expect, it } from 'vitest';
import { ANSWER, candidates, OFFER } from '../e2e/session-descriptions.ts';
import { ring, talk, VIDEO } from './call-steps.ts';
import { all, next, settle } from './heard.ts';
import { stage } from './stage.ts';

it('[CLIENT-1] a call is placed, rings, is accepted and ended, with one object at each end', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const incoming = next(bob.client, 'incomingCall');
  const placed = await alice.client.call(bob.id, { ...VIDEO, metadata: { topic: 'lunch' } });
  const [rung] = await incoming;
  expect(placed).toMatchObject({ role: 'caller', state: 'ringing', peer: { id: bob.id }, callType: 'video' });
  expect(rung).toMatchObject({ id: placed.id, role: 'callee', state: 'ringing', peer: { username: 'alice' } });
  expect(rung.offer).toEqual(OFFER);
  expect(rung.metadata).toEqual({ topic: 'lunch' });

  const accepted = next(placed, 'accepted');
  await rung.accept(ANSWER);
  expect(await accepted).toEqual([ANSWER]);
  expect([placed.state, rung.state]).toEqual(['active', 'active']);

  const ended = next(rung, 'ended');
  const endedHere = next(placed, 'ended');
  await placed.end();
  expect(await ended).toEqual([{ reason: 'hangup', by: alice.id, durationMs: expect.any(Number) }]);
  expect(await endedHere).toEqual([{ reason: 'hangup', by: alice.id, durationMs: expect.any(Number) }]);
  expect([placed.state, rung.state]).toEqual(['ended', 'ended']);
  expect([alice.client.calls.size, bob.client.calls.size]).toEqual([0, 0]);
});

it('[CLIENT-1] a refusal is a SignalingError with its code', async () => {
  const { join } = await stage();
  const alice = await join('alice');
  const refusal = alice.client.call('nobody', VIDEO);
  await expect(refusal).rejects.toBeInstanceOf(SignalingError);
  await expect(refusal).rejects.toMatchObject({ code: 'user_offline', callId: expect.any(String) });
  expect(alice.client.calls.size).toBe(0);
});

it('[CLIENT-1] declining, busy and cancelling tell the other end why', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const declined = await ring(alice, bob);
  const first = next(declined.placed, 'ended');
  await declined.rung.reject();
  expect((await first)[0]).toMatchObject({ reason: 'declined' });
  const busy = await ring(alice, bob);
  const second = next(busy.placed, 'ended');
  await busy.rung.reject('busy');
  expect((await second)[0]).toMatchObject({ reason: 'busy' });
  const cancelled = await ring(alice, bob);
  const third = next(cancelled.rung, 'ended');
  await cancelled.placed.end();
  expect((await third)[0]).toMatchObject({ reason: 'cancelled', by: alice.id });
});

it('[CLIENT-6] candidates of one moment travel together, and none is lost or out of order', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed, rung } = await ring(alice, bob);
  const early = candidates(1, 70);
  for (const candidate of early) placed.sendCandidate(candidate);
  placed.sendCandidate(null);
  await rung.accept(ANSWER);
  await settle(alice, bob);
  const heard = all(rung, 'candidates');
  await settle(bob);
  expect(heard.flatMap(([list]) => list)).toEqual([...early, null]);
  const sent = alice.wire.filter(({ direction, event }) => direction === 'sent' && event === 'ice_candidates');
  expect(sent.map(({ payload }) => Object(payload).candidates.length)).toEqual([64, 7]);
});

it('[CLIENT-6] what is said after a candidate leaves after it', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed } = await talk(alice, bob);
  const [one, two, three] = candidates(1, 3);
  alice.wire.length = 0;
  placed.sendCandidate(one ?? null);
  const said = [placed.sendDescription(OFFER)];
  placed.sendCandidate(two ?? null);
  said.push(placed.sendInfo('last'));
  await Promise.all(said);
  placed.sendCandidate(three ?? null);
  await placed.end();
  const sent = alice.wire.filter(({ direction }) => direction === 'sent').map(({ event }) => event);
  // the last candidate is of a call that is over
  expect(sent).toEqual(['ice_candidates', 'session_description', 'ice_candidates', 'call_info', 'end_call']);
});

it('[CLIENT-2] an event of a call waits for its first listener', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed, rung } = await talk(alice, bob);
  await placed.sendInfo({ muted: true });
  await placed.sendDescription({ type: 'offer', sdp: OFFER.sdp });
  await placed.end();
  await settle(bob);
  expect(await next(rung, 'info')).toEqual([{ muted: true }]);
  expect(await next(rung, 'description')).toEqual([OFFER]);
  expect((await next(rung, 'ended'))[0]).toMatchObject({ reason: 'hangup' });
});

it('[CLIENT-2] a listener that throws harms nobody, and is reported', async () => {
  const { join } = await stage();
  const alice = await join('alice');
  const reported: unknown[] = [];
  const bob = await join('bob', { onListenerError: (error) => reported.push(error) });
  const fault = new Error('of the application');
  bob.client.on('incomingCall', () => {
    throw fault;
  });
  const { placed } = await ring(alice, bob);
  expect(reported).toEqual([fault]);
  await placed.end();
});

it('[CLIENT-1] a call is only placed once connected, and close() ends what is live', async () => {
  const { join, guest } = await stage();
  const [alice, bob, carol] = [await join('alice'), await join('bob'), await guest('carol')];
  await expect(carol.client.call(bob.id, VIDEO)).rejects.toMatchObject({ code: 'not_joined' });
  const { placed, rung } = await talk(alice, bob);
  const [here, there] = [next(placed, 'ended'), next(rung, 'ended')];
  const closed = next(alice.client, 'closed');
  await Promise.all([alice.client.close(), alice.client.close()]);
  expect((await here)[0]).toMatchObject({ reason: 'closed' });
  expect((await there)[0]).toMatchObject({ reason: 'peer_disconnected' });
  expect(await closed).toEqual(['left', undefined]);
  await expect(alice.client.connect()).rejects.toMatchObject({ code: 'unavailable' });
});

it('[CLIENT-1] of two devices that ring one wins, and the other is told', async () => {
  const { join } = await stage();
  const [alice, phone, laptop] = [await join('alice'), await join('bob'), await join('bob')];
  const rings = [next(phone.client, 'incomingCall'), next(laptop.client, 'incomingCall')];
  const placed = await alice.client.call(phone.id, VIDEO);
  const [[here], [there]] = (await Promise.all(rings)) as [[SignalingCall], [SignalingCall]];
  const ended = next(there, 'ended');
  const outcomes = await Promise.allSettled([here.accept(ANSWER), there.accept(ANSWER)]);
  expect(outcomes[0]?.status).toBe('fulfilled');
  expect(outcomes[1]).toMatchObject({ status: 'rejected', reason: { code: 'invalid_state' } });
  expect((await ended)[0].reason).toMatch(/answered_elsewhere|invalid_state/);
  expect([placed.state, here.state, there.state]).toEqual(['active', 'active', 'ended']);
});

it('[CLIENT-15] glare names the first call, which is here, and was not announced twice', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const rings = [all(alice.client, 'incomingCall'), all(bob.client, 'incomingCall')];
  const outcomes = await Promise.allSettled([alice.client.call(bob.id, VIDEO), bob.client.call(alice.id, VIDEO)]);
  const [loser, winner] = outcomes[0]?.status === 'rejected' ? [alice, bob] : [bob, alice];
  const lost = outcomes.find(({ status }) => status === 'rejected');
  expect(lost).toMatchObject({ reason: { code: 'glare' } });
  const first = loser.client.calls.get((lost as PromiseRejectedResult).reason.callId);
  expect(first).toMatchObject({ role: 'callee', state: 'ringing', peer: { id: winner.id } });
  expect(rings).toEqual([[], []]);
  await first?.accept(ANSWER);
  expect(first?.state).toBe('active');
});

it('[CLIENT-15] a call of the callee that comes while one to somebody else is placed is announced', async () => {
  const { join } = await stage({ maxCallsPerUser: 3 });
  const [alice, bob, carol] = [await join('alice'), await join('bob'), await join('carol')];
  const announced = next(alice.client, 'incomingCall');
  alice.proxy.delayMs = 50;
  const incoming = next(bob.client, 'incomingCall');
  const placing = alice.client.call(bob.id, VIDEO);
  await carol.client.call(alice.id, VIDEO);
  expect((await announced)[0].peer.id).toBe(carol.id);
  await placing;
  await incoming;
});
