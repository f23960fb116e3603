import { expect, test } from 'vitest';
import { stillTalking, talk } from './call-steps.ts';
import { joinResuming, resumePoint, streamOf } from './resume-steps.ts';
import { stage } from './stage.ts';

const TAKEOVERS = process.env.TEST_SCALE === 'full' ? 1_000 : 100;

test(`[JOIN-7] [LOSS-7] ${TAKEOVERS} takeovers by the same device: never offline, never out of the call`, async () => {
  const here = await stage('websocket');
  const [alice, bob] = [await joinResuming(here, 'alice'), await joinResuming(here, 'bob')];
  const watcher = await here.join('watcher', { presence: 'delta' });
  const callId = await talk(alice, bob);
  let newest = alice;
  let point = resumePoint(alice, callId);
  for (let takeover = 0; takeover < TAKEOVERS; takeover += 1) {
    const next = await here.connect('alice');
    await next.join({ ...alice.user, id: alice.id, username: 'alice', resume: [point] });
    await newest.next('session_replaced');
    newest.close();
    newest = next;
    if (takeover % 10 === 0) await stillTalking(newest, bob, callId);
    const latest = resumePoint(newest, callId);
    if (streamOf(newest, callId).length > 0) point = { ...point, lastSeq: latest.lastSeq };
  }
  await stillTalking(newest, bob, callId);
  await bob.quiet('call_ended', 'call_status');
  await watcher.settle();
  expect(watcher.take('presence_changed').flatMap(({ left }) => left)).toEqual([]);
  expect(await here.signaling.stats()).toMatchObject({ activeUsers: 3, activeCalls: 1, connections: 3 });
});
