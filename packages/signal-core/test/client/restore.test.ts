import type { SignalingCall } from 'signal-core/client';
import { expect, it } from 'vitest';
import { ANSWER, candidates } from '../e2e/session-descriptions.ts';
import { ring, stillTalking, talk, VIDEO } from './call-steps.ts';
import { all, next, reaches, settle } from './heard.ts';
import { stage } from './stage.ts';

it('[CLIENT-7] a ring that another device answered meanwhile is over', async () => {
  const { join } = await stage({ ringingGraceMs: 50, presenceGraceMs: 50 });
  const [alice, phone, laptop] = [await join('alice'), await join('bob'), await join('bob')];
  const rings = [next(phone.client, 'incomingCall'), next(laptop.client, 'incomingCall')];
  const placed = await alice.client.call(phone.id, VIDEO);
  const [[here], [there]] = (await Promise.all(rings)) as [[SignalingCall], [SignalingCall]];
  const ended = next(there, 'ended');
  laptop.proxy.freeze();
  laptop.proxy.cut();
  const accepted = next(placed, 'accepted');
  await here.accept(ANSWER);
  await accepted;
  laptop.proxy.thaw();
  expect((await ended)[0].reason).toBe('answered_elsewhere');
});

it('[CLIENT-7] what is no longer all there is told, and the call goes on', async () => {
  const { join } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const ends = await talk(alice, bob);
  const infos = all(ends.placed, 'info');
  alice.proxy.freeze();
  alice.proxy.cut();
  // more than the server keeps (RESUME-2)
  for (let index = 0; index < 300; index += 1) await ends.rung.sendInfo(index);
  const gap = next(ends.placed, 'unrecovered');
  alice.proxy.thaw();
  await gap;
  await stillTalking(ends);
  expect(infos.filter(([data]) => typeof data === 'number')).toEqual([]);
});

it('[CLIENT-8] an active call survives a server that forgot everything', async () => {
  const { join, crash } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const ends = await talk(alice, bob);
  const gaps = [next(ends.placed, 'unrecovered'), next(ends.rung, 'unrecovered')];
  const over = [all(ends.placed, 'ended'), all(ends.rung, 'ended')];
  await crash(alice, bob);
  await Promise.all(gaps);
  await stillTalking(ends);
  for (const candidate of candidates(1, 5)) ends.placed.sendCandidate(candidate);
  expect((await next(ends.rung, 'candidates'))[0]).toEqual(candidates(1, 5));
  expect(over).toEqual([[], []]);
  const ended = next(ends.rung, 'ended');
  await ends.placed.end();
  expect((await ended)[0]).toMatchObject({ reason: 'hangup', by: alice.id });
});

it('[CLIENT-8] what was said while the call waits to be restored arrives once it is', async () => {
  const { join, crash } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const ends = await talk(alice, bob);
  bob.proxy.freeze();
  const waits = next(ends.placed, 'peerReconnecting');
  await crash(alice);
  await waits;
  const said = ends.placed.sendInfo('still there');
  bob.proxy.cut();
  bob.proxy.thaw();
  await said;
  expect(await next(ends.rung, 'info')).toEqual(['still there']);
});

it('[CLIENT-8] a call that only one end claims is over when the grace is', async () => {
  const { join, crash } = await stage({ graceMs: 300 });
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed } = await talk(alice, bob);
  const ended = next(placed, 'ended');
  bob.proxy.freeze();
  await crash(alice);
  expect((await ended)[0]).toMatchObject({ reason: 'peer_disconnected' });
  expect(alice.client.calls.size).toBe(0);
});

it('[CLIENT-8] to hang up while the call waits to be restored keeps nothing waiting', async () => {
  const { join, crash } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed } = await talk(alice, bob);
  bob.proxy.freeze();
  const waits = next(placed, 'peerReconnecting');
  await crash(alice);
  await waits;
  await placed.end();
  expect(placed.state).toBe('ended');
});

it('[CLIENT-9] a call that rang when the server forgot everything rings again, under the same id', async () => {
  const { join, crash } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed, rung } = await ring(alice, bob);
  const gone = next(rung, 'ended');
  const again = next(bob.client, 'incomingCall');
  await crash(alice, bob);
  expect((await gone)[0]).toMatchObject({ reason: 'peer_disconnected' });
  const [second] = await again;
  expect(second.id).toBe(placed.id);
  const [accepted, gap] = [next(placed, 'accepted'), next(placed, 'unrecovered')];
  await second.accept(ANSWER);
  expect(await accepted).toEqual([ANSWER]);
  // the candidates that were sent before are gone with the server
  await gap;
  await stillTalking({ placed, rung: second });
});

it.each(['caller', 'callee', 'neither'] as const)(
  '[CLIENT-9] an answer that the dying server took, and did not pass on, is not lost: %s is back first',
  async (who) => {
    const { join, crash } = await stage();
    const [alice, bob] = [await join('alice'), await join('bob')];
    const { placed, rung } = await ring(alice, bob);
    alice.proxy.freeze();
    await rung.accept(ANSWER);
    const gaps = Promise.all([next(placed, 'unrecovered'), next(rung, 'unrecovered')]);
    const late = { caller: bob, callee: alice, neither: undefined }[who];
    await crash(...[alice, bob].filter((guest) => guest !== late));
    if (late !== undefined) {
      const early = late === alice ? bob : alice;
      await reaches(early.client, 'reconnecting');
      await reaches(early.client, 'joined');
      await settle(early);
      late.proxy.freeze();
      late.proxy.cut();
      late.proxy.thaw();
    }
    await gaps;
    expect([placed.state, rung.state]).toEqual(['active', 'active']);
    await stillTalking({ placed, rung });
  },
);

it('[CLIENT-9] an answer that the dying server took is given again to a call that rings before it is claimed', async () => {
  const { join, crash } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed, rung } = await ring(alice, bob);
  alice.proxy.freeze();
  await rung.accept(ANSWER);
  const rings = all(bob.client, 'incomingCall');
  const accepted = next(placed, 'accepted', 10_000);
  await crash(alice);
  // there for more than the half second after which the caller tries again, before the claim is
  bob.proxy.delayMs = 350;
  bob.proxy.cut();
  expect(await accepted).toEqual([ANSWER]);
  expect(bob.wire.filter(({ direction, event }) => direction === 'sent' && event === 'accept_call')).toHaveLength(2);
  bob.proxy.delayMs = 0;
  await stillTalking({ placed, rung });
  expect(rings).toEqual([]);
});

it('[CLIENT-9] a ringing call that ended while its caller was away is over, and is not placed again', async () => {
  const { join } = await stage({ ringingGraceMs: 50, presenceGraceMs: 50 });
  const [alice, bob] = [await join('alice'), await join('bob')];
  const { placed, rung } = await ring(alice, bob);
  alice.proxy.freeze();
  const [gone, over] = [next(rung, 'ended'), next(placed, 'ended')];
  // the server's side of the connection breaks, and the client does not know yet
  alice.proxy.cut();
  expect((await gone)[0]).toMatchObject({ reason: 'peer_disconnected' });
  alice.proxy.thaw();
  expect((await over)[0]).toMatchObject({ reason: 'peer_disconnected' });
  await settle(alice, bob);
  expect([alice.client.calls.size, bob.client.calls.size]).toEqual([0, 0]);
});

it('[CLIENT-10] a call that an earlier page under the same device id left behind is ended', async () => {
  const { join, guest } = await stage();
  const [alice, bob] = [await join('alice', { deviceId: 'tab-1' }), await join('bob')];
  const { rung } = await talk(alice, bob);
  const ended = next(rung, 'ended');
  const replaced = next(alice.client, 'closed');
  const reloaded = await guest('alice', { deviceId: 'tab-1' });
  await reloaded.client.connect();
  expect((await ended)[0]).toMatchObject({ reason: 'hangup', by: alice.id });
  expect((await replaced)[0]).toBe('replaced');
});

it('[CLIENT-10] a ring that an earlier page was shown is shown again', async () => {
  const { join, guest } = await stage();
  const [alice, bob] = [await join('alice'), await join('bob', { deviceId: 'tab-1' })];
  const placed = await alice.client.call(bob.id, VIDEO);
  const reloaded = await guest('bob', { deviceId: 'tab-1' });
  const shown = next(reloaded.client, 'incomingCall');
  await reloaded.client.connect();
  const [ring] = await shown;
  await settle(alice, reloaded);
  expect([ring.id, ring.state, placed.state]).toEqual([placed.id, 'ringing', 'ringing']);
});
