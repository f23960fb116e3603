import { SignalingServer } from 'signal-core';
import { expect, it, onTestFinished } from 'vitest';
import { browserGlobals } from './browser-globals.ts';
import { stillTalking, talk } from './call-steps.ts';
import { all, next, reaches } from './heard.ts';
import { JOINED, scriptedServer } from './scripted-server.ts';
import { guestsOf, stage } from './stage.ts';

/** Longer than any test waits. */
const NEVER_BY_ITSELF = { random: () => 100 };

it('[CLIENT-3] a lost connection is joined again, and the states are told', async () => {
  const { join } = await stage();
  const alice = await join('alice');
  const states = all(alice.client, 'state');
  alice.proxy.cut();
  await reaches(alice.client, 'reconnecting');
  await expect(alice.client.ping()).rejects.toMatchObject({ code: 'unavailable' });
  await reaches(alice.client, 'joined');
  await alice.client.close();
  expect(states.flat()).toEqual(['reconnecting', 'joined', 'closed']);
});

it('[CLIENT-3] a connection that nothing comes over any more is noticed within 15 s', async () => {
  const { join } = await stage();
  const alice = await join('alice');
  const start = performance.now();
  alice.proxy.freeze();
  await reaches(alice.client, 'reconnecting');
  expect(performance.now() - start).toBeLessThan(16_000);
});

it('[CLIENT-3] a server that goes down says when to come back', async () => {
  const { join, server, signaling } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const ends = await talk(alice, bob);
  const start = performance.now();
  await signaling.close({ reconnectAfterMs: 400 });
  const another = new SignalingServer({ auth: 'open' });
  onTestFinished(() => another.close());
  another.attach(server);
  await Promise.all([reaches(alice.client, 'reconnecting'), reaches(bob.client, 'reconnecting')]);
  await Promise.all([reaches(alice.client, 'joined'), reaches(bob.client, 'joined')]);
  expect(performance.now() - start).toBeGreaterThan(390);
  await stillTalking(ends);
});

it('[CLIENT-3] what the server asks to wait for, it waits', async () => {
  let joins = 0;
  const refusal = { ok: false, error: { code: 'unavailable', message: 'later', retryAfterMs: 600 } };
  const url = await scriptedServer({ onJoin: (_socket, answer) => answer(++joins === 2 ? refusal : JOINED) });
  const alice = await guestsOf(url).join('alice', { random: () => 0 });
  const start = performance.now();
  alice.proxy.cut();
  await reaches(alice.client, 'reconnecting');
  await reaches(alice.client, 'joined');
  expect(joins).toBe(3);
  // twice 0.5 s, and what was asked for
  expect(performance.now() - start).toBeGreaterThan(1590);
});

it('[CLIENT-3] who is refused on return is closed for good, with the reason', async () => {
  let joins = 0;
  const refusal = { ok: false, error: { code: 'unauthorized', message: 'logged out elsewhere' } };
  const url = await scriptedServer({ onJoin: (_socket, answer) => answer(++joins === 1 ? JOINED : refusal) });
  const alice = await guestsOf(url).join('alice');
  const closed = next(alice.client, 'closed');
  alice.proxy.cut();
  expect(await closed).toEqual(['refused', expect.objectContaining({ code: 'unauthorized' })]);
  expect(alice.client.state).toBe('closed');
});

it('[CLIENT-3] what does not come back in time is closed for good', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice', { returnTimeoutMs: 300 }), await join('bob')];
  const { placed } = await talk(alice, bob);
  const [closed, ended] = [next(alice.client, 'closed'), next(placed, 'ended')];
  alice.proxy.freeze();
  alice.proxy.cut();
  expect((await closed)[0]).toBe('unreachable');
  expect((await ended)[0]).toMatchObject({ reason: 'closed' });
});

it('[CLIENT-3] a connection that the server ends for good is not joined again', async () => {
  const { join, signaling } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed } = await talk(alice, bob);
  const [closed, ended] = [next(alice.client, 'closed'), next(placed, 'ended')];
  await signaling.disconnectUser(alice.id);
  expect((await closed)[0]).toBe('dismissed');
  expect((await ended)[0]).toMatchObject({ reason: expect.stringMatching(/removed|closed/) });
  await expect(alice.client.call(bob.id, { offer: placed.offer, callType: 'audio' })).rejects.toMatchObject({
    code: 'not_joined',
  });
});

it('[CLIENT-3] another connection of the same device takes over, and the first stays away', async () => {
  const { join, signaling } = await stage();
  const [first, bob] = [await join('alice', { deviceId: 'phone' }), await join('bob')];
  await talk(first, bob);
  const closed = next(first.client, 'closed');
  const second = await join('alice', { deviceId: 'phone' });
  expect((await closed)[0]).toBe('replaced');
  await second.client.ping();
  expect(second.client.state).toBe('joined');
  expect((await signaling.onlineUsers()).map(({ username }) => username).sort()).toEqual(['alice', 'bob']);
});

it('[CLIENT-3] a browser that is online again tries at once', async () => {
  const page = browserGlobals();
  const { join } = await stage();
  const alice = await join('alice', NEVER_BY_ITSELF);
  alice.proxy.cut();
  await reaches(alice.client, 'reconnecting');
  page.dispatch('online');
  await reaches(alice.client, 'joined');
});

it('[CLIENT-3] a browser that is online again while it comes back keeps its calls', async () => {
  const page = browserGlobals();
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const ends = await talk(alice, bob);
  const over = all(ends.rung, 'ended');
  const back = next(ends.rung, 'peerReconnected');
  // the server lets her in a while before she knows
  alice.proxy.delayMs = 200;
  alice.proxy.cut();
  await back;
  expect(alice.client.state).toBe('reconnecting');
  page.dispatch('online');
  alice.proxy.delayMs = 0;
  await reaches(alice.client, 'joined');
  await stillTalking(ends);
  expect(over).toEqual([]);
});

it('[CLIENT-3] a browser on another network drops a connection that did not survive it', async () => {
  const page = browserGlobals();
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const ends = await talk(alice, bob);
  alice.proxy.freeze();
  const changed = next(ends.placed, 'networkChange');
  page.dispatch('online');
  await changed;
  await reaches(alice.client, 'reconnecting');
  alice.proxy.thaw();
  await reaches(alice.client, 'joined');
  await stillTalking(ends);
});

it('[CLIENT-3] a page that goes leaves; one that only sleeps does not', async () => {
  const { join } = await stage();
  const bob = await join('bob');
  const page = browserGlobals();
  const alice = await join('alice');
  const { rung } = await talk(alice, bob);
  page.dispatch('pagehide', { persisted: true });
  expect(alice.client.state).toBe('joined');
  await alice.client.ping();
  expect(page.listeners()).toBe(2);
  const [closed, ended] = [next(alice.client, 'closed'), next(rung, 'ended')];
  page.dispatch('pagehide', { persisted: false });
  expect((await closed)[0]).toBe('left');
  expect((await ended)[0]).toMatchObject({ reason: 'peer_disconnected' });
  expect(page.listeners()).toBe(0);
});
