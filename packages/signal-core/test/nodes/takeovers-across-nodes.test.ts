import { expect, test } from 'vitest';
import { ring, talk } from '../e2e/call-steps.ts';
import { resumePoint } from '../e2e/resume-steps.ts';
import { ANSWER } from '../e2e/session-descriptions.ts';
import { comeBackAt, connect, RESUMING } from './move-steps.ts';
import { startNodes } from './two-nodes.ts';

const IS_FULL = process.env.TEST_SCALE === 'full';
const TAKEOVERS = IS_FULL ? 1_000 : 50;
const RACES = IS_FULL ? 100 : 5;

test(`[NODE-5] [JOIN-7] ${TAKEOVERS} takeovers from node to node: never offline, never twice, never out of the call`, async () => {
  const stage = await startNodes();
  const [alice, bob] = [await stage.join(0, 'alice', RESUMING), await stage.join(1, 'bob')];
  const watchers = [
    await stage.join(0, 'near', { presence: 'delta' }),
    await stage.join(1, 'far', { presence: 'delta' }),
  ];
  const callId = await talk(alice, bob);
  let point = resumePoint(alice, callId);
  await stage.clock.advance(1_000);
  await stage.settle(...watchers);
  for (const watcher of watchers) watcher.forget();
  let newest = alice;
  const heard: unknown[] = [];
  for (let takeover = 1; takeover <= TAKEOVERS; takeover += 1) {
    const isLost = takeover % 3 === 0;
    if (isLost) await newest.drop();
    // some of it is sent before the device is on its way, and some while it is
    for (let part = 0; part < 3; part += 1) bob.send('call_info', { callId, data: 3 * takeover + part });
    const { client, success } = await comeBackAt(stage, takeover % 2, 'alice', point);
    expect(success).toMatchObject({ resumed: [{ callId, recovered: true }], calls: [{ callId, here: true }] });
    if (!isLost) await newest.next('session_replaced');
    newest.close();
    newest = client;
    for (let part = 0; part < 3; part += 1) heard.push((await client.next('call_info')).data);
    point = { ...point, lastSeq: resumePoint(client, callId).lastSeq };
    if (takeover % 10 === 0) await stage.clock.advance(1_000);
  }
  await stage.clock.advance(20_000);
  await stage.settle(newest, bob, ...watchers);
  await newest.quiet('session_replaced', 'call_ended', 'call_info');
  expect(heard).toEqual(Array.from({ length: 3 * TAKEOVERS }, (_, index) => index + 3));
  await bob.quiet('call_ended');
  const seen = watchers.flatMap((watcher) => watcher.take('presence_changed'));
  expect(seen.flatMap(({ left }) => left)).toEqual([]);
  const stats = await Promise.all(stage.nodes.map(({ signaling }) => signaling.stats()));
  expect(stats).toMatchObject([
    { connections: 2, activeUsers: 4, activeCalls: 1 },
    { connections: 2, activeUsers: 4, activeCalls: 1 },
  ]);
  bob.send('end_call', { callId });
  expect(await newest.next('call_ended')).toMatchObject({ callId, seq: point.lastSeq + 1 });
  await newest.quiet('call_ended');
});

test(`[NODE-5] [JOIN-7] ${RACES} times six connections take a device over at once, at two nodes: one is left, and missed nothing`, async () => {
  const stage = await startNodes();
  for (let race = 0; race < RACES; race += 1) {
    const [caller, callee] = [`alice-${race}`, `bob-${race}`];
    const [alice, bob] = [await stage.join(race % 2, caller, RESUMING), await stage.join(1, callee)];
    const callId = await ring(alice, bob);
    const point = resumePoint(alice, callId);
    await alice.drop();
    const rivals = await Promise.all([0, 1, 0, 1, 0, 1].map((node) => connect(stage, node, caller)));
    for (const rival of rivals) {
      rival.send('join', { id: caller, username: caller, ...RESUMING, resume: [point] });
      // they come as close to each other as they can, and the answer among them
      if (rival === rivals[race % rivals.length]) bob.send('accept_call', { callId, answer: ANSWER });
    }
    const there = () => rivals.filter(({ socket }) => socket.connected);
    while (there().length > 1) await stage.settle(bob);
    await stage.settle(bob, ...there());
    const [winner] = there();
    expect(await winner?.next('join_success')).toMatchObject({ resumed: [{ callId, recovered: true }] });
    expect(winner?.take('call_accepted')).toMatchObject([{ callId, answer: ANSWER }]);
    bob.send('end_call', { callId });
    expect(await winner?.next('call_ended')).toMatchObject({ callId });
    for (const client of [bob, ...rivals]) client.close();
  }
});

test('[NODE-5] [NODE-8] who comes to a node that has not heard of the end of its call is not told of it twice', async () => {
  const stage = await startNodes();
  const page = { deviceId: 'phone' };
  const [alice, near, far] = [
    await stage.join(1, 'alice', page),
    await stage.join(0, 'bob'),
    await stage.join(1, 'bob'),
  ];
  const callId = await talk(alice, far);
  await near.next('call_ended');
  await far.ask('end_call', { callId });
  await alice.next('call_ended', (end) => end.callId === callId);
  const again = await stage.join(0, 'alice', page);
  for (let round = 0; round < 3; round += 1) {
    await stage.clock.advance(5_000);
    await stage.settle(again);
  }
  await again.quiet('call_ended');
});
