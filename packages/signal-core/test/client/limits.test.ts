import { expect, it } from 'vitest';
import { ANSWER, candidates, OFFER } from '../e2e/session-descriptions.ts';
import { ring, talk, VIDEO } from './call-steps.ts';
import { all, next, settle } from './heard.ts';
import { JOINED, scriptedServer } from './scripted-server.ts';
import { guestsOf, stage } from './stage.ts';

const LONG = { sdp: `v=0${'x'.repeat(40_000)}` };

it('[CLIENT-19] what is too large is refused here, and neither sent nor the end of the connection', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const states = all(alice.client, 'state');
  const tooLarge = { code: 'payload_too_large' };
  await expect(alice.client.call(bob.id, { ...VIDEO, offer: { type: 'offer', ...LONG } })).rejects.toMatchObject(
    tooLarge,
  );
  await expect(alice.client.call(bob.id, { ...VIDEO, metadata: 'x'.repeat(1_023) })).rejects.toMatchObject(tooLarge);
  const { placed, rung } = await ring(alice, bob);
  await expect(rung.accept({ type: 'answer', ...LONG })).rejects.toMatchObject(tooLarge);
  await rung.accept(ANSWER);
  await settle(alice, bob);
  await expect(placed.sendInfo('x'.repeat(300_000))).rejects.toMatchObject(tooLarge);
  await expect(placed.sendDescription({ type: 'offer', ...LONG })).rejects.toMatchObject(tooLarge);
  const errors = all(placed, 'error');
  placed.sendCandidate({ candidate: `candidate:${'1'.repeat(2_000)}` });
  expect(errors).toEqual([[expect.objectContaining(tooLarge)]]);
  await placed.sendInfo('x'.repeat(4_094));
  await settle(alice, bob);
  expect(states).toEqual([]);
  expect(alice.wire.filter(({ direction }) => direction === 'sent').map(({ event }) => event)).toEqual(
    expect.arrayContaining(['call_info']),
  );
  expect(alice.wire.filter(({ event }) => event === 'session_description')).toEqual([]);
});

it('[CLIENT-19] what is no description, and what is no JSON, is refused here', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const invalid = { code: 'invalid_payload' };
  await expect(alice.client.call(bob.id, { ...VIDEO, offer: ANSWER })).rejects.toMatchObject(invalid);
  await expect(alice.client.call(bob.id, { ...VIDEO, offer: { type: 'offer' } })).rejects.toMatchObject(invalid);
  const { placed, rung } = await talk(alice, bob);
  const heard = next(rung, 'description');
  // as a browser has it: members of the prototype
  class Description {
    get type() {
      return 'offer';
    }
    get sdp() {
      return OFFER.sdp;
    }
  }
  await placed.sendDescription(new Description());
  expect(await heard).toEqual([OFFER]);
  await expect(placed.sendDescription({ type: 'nonsense' })).rejects.toMatchObject(invalid);
  await expect(placed.sendInfo(JSON.parse('{}').missing)).rejects.toMatchObject(invalid);
  const circle: { self?: object } = {};
  circle.self = circle;
  await expect(Reflect.apply(placed.sendInfo, placed, [circle])).rejects.toMatchObject(invalid);
});

it('[CLIENT-24] candidates that the server refuses are told', async () => {
  const url = await scriptedServer({
    onJoin(socket, answer) {
      socket.on('call_user', (_payload, reply) => reply({ ok: true }));
      socket.on('ice_candidates', (_payload, refuse) =>
        refuse({ ok: false, error: { code: 'rate_limited', message: 'slowly' } }),
      );
      answer(JOINED);
    },
  });
  const { client } = await guestsOf(url).join('alice');
  const call = await client.call('bob', VIDEO);
  const refused = next(call, 'error');
  for (const candidate of candidates(1, 3)) call.sendCandidate(candidate);
  expect(await refused).toEqual([expect.objectContaining({ code: 'rate_limited' })]);
  expect(call.state).toBe('ringing');
});

it('[CLIENT-7] a call says whether its peer is there', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed } = await talk(alice, bob);
  expect(placed.isPeerReconnecting).toBe(false);
  const [away, back] = [next(placed, 'peerReconnecting'), next(placed, 'peerReconnected', 10_000)];
  bob.proxy.goDown();
  await away;
  expect(placed.isPeerReconnecting).toBe(true);
  bob.proxy.comeUp();
  await back;
  expect(placed.isPeerReconnecting).toBe(false);
});
