import { expect, it } from 'vitest';
import { ANSWER, candidates } from '../e2e/session-descriptions.ts';
import { ring, talk, VIDEO } from './call-steps.ts';
import { all, next, reaches, settle } from './heard.ts';
import { legacyServer } from './legacy-server.ts';
import { mediaCall, message } from './peers.ts';
import { guestsOf } from './stage.ts';

it('[CLIENT-16] a server of the legacy protocol serves whole calls, under ids of its own', async () => {
  const { join } = guestsOf(await legacyServer());
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed, rung } = await ring(alice, bob);
  expect([placed.id, rung.id]).toEqual(['legacy-1', 'legacy-1']);
  expect(rung.peer).toEqual({ id: alice.id, username: 'alice' });
  const [there, here] = [all(rung, 'candidates'), all(placed, 'candidates')];
  const accepted = next(placed, 'accepted');
  await rung.accept(ANSWER);
  expect(await accepted).toEqual([ANSWER]);
  for (const candidate of candidates(1, 3)) placed.sendCandidate(candidate);
  for (const candidate of candidates(11, 13)) rung.sendCandidate(candidate);
  while (there.length < 3) await next(rung, 'candidates');
  while (here.length < 3) await next(placed, 'candidates');
  expect([there.flat(2), here.flat(2)]).toEqual([candidates(1, 3), candidates(11, 13)]);
  const ended = next(placed, 'ended');
  await rung.end();
  expect((await ended)[0]).toMatchObject({ reason: 'hangup' });
  expect([alice.client.calls.size, bob.client.calls.size]).toEqual([0, 0]);
});

it('[CLIENT-16] there, too, a call is refused or declined, and presence and round trips work', async () => {
  const { join } = guestsOf(await legacyServer());
  const alice = await join('alice');
  await expect(alice.client.call('nobody', VIDEO)).rejects.toMatchObject({ code: 'user_offline' });
  const bob = await join('bob');
  expect(await bob.client.ping()).toBeGreaterThan(0);
  while (!alice.client.presence.users.has(bob.id)) await next(alice.client.presence, 'change');
  const { placed, rung } = await ring(alice, bob);
  const declined = next(placed, 'ended');
  await rung.reject();
  expect((await declined)[0]).toMatchObject({ reason: 'declined' });
  await expect(alice.client.presence.subscribe([bob.id])).rejects.toMatchObject({ code: 'unavailable' });
});

it('[CLIENT-16] there, too, a lost connection is joined again, and the call goes on', async () => {
  const { join } = guestsOf(await legacyServer());
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed, rung } = await talk(alice, bob);
  alice.proxy.cut();
  await reaches(alice.client, 'reconnecting');
  placed.sendCandidate(candidates(1, 1)[0] ?? null);
  expect(await next(rung, 'candidates')).toEqual([candidates(1, 1)]);
  await expect(rung.sendInfo('unknown there')).rejects.toMatchObject({ code: 'unavailable' });
  await settle(alice, bob);
  expect([placed.state, rung.state]).toEqual(['active', 'active']);
});

it('[CLIENT-16] [CLIENT-12] there, too, real peers talk', async () => {
  const { join } = guestsOf(await legacyServer());
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { caller, callee } = await mediaCall(alice, bob);
  const heard = message(callee.channel);
  caller.channel.send('hello');
  expect(await heard).toBe('hello');
});
