import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/domain/session.ts';
import { Devices } from '../../src/gateway/devices.ts';
import type { NodeMessage } from '../../src/stores/nodes.ts';
import { bob, phone } from '../domain/cast.ts';
import { answer, ring, stillTalking, talk } from '../e2e/call-steps.ts';
import { loseInCall, told } from '../e2e/loss-steps.ts';
import { resumePoint } from '../e2e/resume-steps.ts';
import { ANSWER, candidates } from '../e2e/session-descriptions.ts';
import { EARLY, trickled } from '../e2e/talk-steps.ts';
import { type Arrival, arrive, hearing, RESUMING, signal, trickle } from './move-steps.ts';
import { startNodes } from './two-nodes.ts';

const PLAIN = { deviceId: 'phone', protocol: 2 };

/** What is handed over to node 1 is on its way for as long as nobody says that it arrives: for more than a second. */
async function slowly(extra: object = {}) {
  const [left, arrives] = [signal(), signal()];
  const hear = ({ type }: NodeMessage, pass: () => void) => {
    if (type !== 'handed_over') return pass();
    left.happen();
    arrives.happened.then(pass);
  };
  const stage = await startNodes({
    count: 3,
    before: (stores, node) => (node === 1 ? hearing(stores, hear) : stores),
  });
  const user = { id: 'alice', username: 'alice', ...extra };
  const { client: alice } = await arrive(stage, 0, user);
  /** Alice comes back at node 1, which waits in vain. */
  const move = async (resume?: object): Promise<Arrival> => {
    const back = arrive(stage, 1, { ...user, ...(resume && { resume: [resume] }) });
    await left.happened;
    await stage.clock.advance(1_000);
    return back;
  };
  const hand = async () => {
    arrives.happen();
    await stage.settle();
  };
  return { stage, alice, move, hand };
}

describe('what is handed over later than in a second', () => {
  test.each([
    ['without the feature resume', PLAIN],
    ['of the legacy protocol', {}],
  ])('[NODE-5] reaches a device %s, once', async (_, extra) => {
    const { stage, alice, move, hand } = await slowly(extra);
    const bob = await stage.join(2, 'bob');
    const callId = await talk(alice, bob);
    await loseInCall(alice, bob, callId);
    trickle(bob, alice, 1, 3);
    await stage.settle(bob);
    const { client: back } = await move();
    trickle(bob, back, 4, 6);
    await stage.settle(bob, back);
    expect(await trickled(back)).toEqual(candidates(4, 6));
    await hand();
    expect(await trickled(back)).toEqual([...candidates(4, 6), ...candidates(1, 3)]);
    await back.drop();
    const { client: again } = await arrive(stage, 1, { id: 'alice', username: 'alice', ...extra });
    expect(await trickled(again)).toEqual([]);
    await stillTalking(again, bob, callId);
  });

  test.each([
    ['that resumes', RESUMING],
    ['without the feature resume', PLAIN],
    ['of the legacy protocol', {}],
  ])('[NODE-5] tells a caller %s of an answer once', async (_, extra) => {
    const { stage, alice, move, hand } = await slowly(extra);
    const bob = await stage.join(2, 'bob');
    const callId = await ring(alice, bob);
    const point = 'features' in extra ? resumePoint(alice, callId) : undefined;
    await alice.drop();
    await bob.next('call_status');
    expect(await bob.ask('accept_call', { callId, answer: ANSWER })).toEqual({ ok: true });
    await stage.settle(bob);
    const { client: back, success } = await move(point);
    if (point !== undefined) expect(success.resumed).toEqual([{ callId, recovered: false }]);
    await stage.settle(back);
    expect(back.take('call_accepted')).toMatchObject([{ callId, answer: ANSWER }]);
    await hand();
    await stage.settle(back);
    await back.quiet('call_accepted', 'call_ended');
    await stillTalking(back, bob, callId);
  });

  test('[NODE-5] has the candidates of a caller that still rings: they reach the callee with the answer', async () => {
    const { stage, alice, move, hand } = await slowly(RESUMING);
    const bob = await stage.join(2, 'bob');
    const callId = await ring(alice, bob);
    trickle(alice, bob, 1, 3);
    await alice.settle();
    const { client: back } = await move(resumePoint(alice, callId));
    trickle(back, bob, 4, 6);
    await back.settle();
    await hand();
    await answer(bob, back, callId);
    await stage.settle(bob, back);
    expect(await trickled(bob)).toEqual(candidates(1, 6));
  });

  test('[NODE-5] has the candidates of a caller that was answered meanwhile: they reach the callee', async () => {
    const { stage, alice, move, hand } = await slowly(RESUMING);
    const bob = await stage.join(2, 'bob');
    const callId = await ring(alice, bob);
    trickle(alice, bob, 1, 3);
    await alice.settle();
    const { client: back } = await move(resumePoint(alice, callId));
    await answer(bob, back, callId);
    await hand();
    await stage.settle(bob, back);
    expect(await trickled(bob)).toEqual(candidates(1, 3));
    await stillTalking(back, bob, callId);
  });

  test('[NODE-5] [ICE-10] has nothing for a callee that was sent it while it rang', async () => {
    const { stage, alice, move, hand } = await slowly(RESUMING);
    const bob = await stage.join(2, 'bob', EARLY);
    const callId = await ring(alice, bob);
    await stage.settle(alice, bob);
    trickle(alice, bob, 1, 3);
    await stage.settle(alice, bob);
    const { client: back } = await move(resumePoint(alice, callId));
    await hand();
    trickle(back, bob, 4, 6);
    await stage.settle(back, bob);
    await answer(bob, back, callId);
    await stage.settle(back, bob);
    expect(await trickled(bob)).toEqual(candidates(1, 6));
  });

  test('[NODE-5] has candidates for a call that is to be placed yet', async () => {
    const { stage, alice, move, hand } = await slowly(RESUMING);
    const bob = await stage.join(2, 'bob');
    trickle(alice, bob, 1, 3);
    await alice.settle();
    const { client: back } = await move();
    await hand();
    const callId = await ring(back, bob);
    await answer(bob, back, callId);
    await stage.settle(bob, back);
    expect(await trickled(bob)).toEqual(candidates(1, 3));
  });

  test.each([
    ['that resumes', RESUMING],
    ['without the feature resume', PLAIN],
  ])(
    '[NODE-5] tells a device %s nothing of its peer that is not true any more, or that it has heard',
    async (_, extra) => {
      const { stage, alice, move, hand } = await slowly(extra);
      const bob = await stage.join(2, 'bob', { deviceId: 'bobs' });
      const callId = await talk(alice, bob);
      const point = 'features' in extra ? resumePoint(alice, callId) : undefined;
      await loseInCall(alice, bob, callId);
      await bob.drop();
      await stage.settle();
      const { client: back } = await move(point);
      await told(back, 'peer_reconnecting');
      const { client: bobAgain } = await arrive(stage, 2, {
        id: 'bob',
        username: 'bob',
        protocol: 2,
        deviceId: 'bobs',
      });
      await told(back, 'peer_reconnected');
      await bobAgain.drop();
      await told(back, 'peer_reconnecting');
      await hand();
      await stage.settle(back);
      await back.quiet('call_status');
    },
  );

  test('[NODE-5] [TALK-5] takes nothing again that a device sent since', async () => {
    const { stage, alice, move, hand } = await slowly(RESUMING);
    const bob = await stage.join(2, 'bob');
    const callId = await talk(alice, bob);
    const inform = (from: typeof alice, seq: number) => from.send('call_info', { callId, seq, data: seq });
    inform(alice, 1);
    await bob.next('call_info');
    const { client: back } = await move(resumePoint(alice, callId));
    inform(back, 2);
    await bob.next('call_info');
    await hand();
    inform(back, 1);
    inform(back, 2);
    inform(back, 3);
    expect(await bob.next('call_info')).toMatchObject({ data: 3 });
  });

  test('[NODE-5] comes in vain for a device that has another connection by then', async () => {
    const { stage, alice, move, hand } = await slowly(PLAIN);
    const bob = await stage.join(2, 'bob');
    const callId = await talk(alice, bob);
    await loseInCall(alice, bob, callId);
    trickle(bob, alice, 1, 3);
    await stage.settle(bob);
    const { client: back } = await move();
    await back.drop();
    const { client: again } = await arrive(stage, 1, { id: 'alice', username: 'alice', ...PLAIN });
    await hand();
    expect(await trickled(again)).toEqual([]);
    await stillTalking(again, bob, callId);
  });
});

test('[NODE-5] what is handed over late comes first for a device that is still on its way', () => {
  const devices = new Devices(() => 0);
  const session: Session = {
    device: phone,
    user: bob,
    socketId: 's',
    legacy: false,
    userAgent: '',
    features: [],
    scope: '',
  };
  const text = (data: string) => `2["call_info",{"callId":"c1","from":"alice","data":"${data}"}]`;
  devices.adopt(session);
  devices.toDevice(phone, 'call_info', { callId: 'c1', from: 'alice', data: 'new' });
  devices.deliverLate(phone, { features: [], texts: [text('old')], streams: [], missedRings: [], isLate: false });
  expect(devices.release(phone, 's')?.texts).toEqual([text('old'), text('new')]);
});
