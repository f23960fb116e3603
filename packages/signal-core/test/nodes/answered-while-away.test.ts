import { describe, expect, onTestFinished, test } from 'vitest';
import { answer, ring, stillTalking } from '../e2e/call-steps.ts';
import { resumePoint } from '../e2e/resume-steps.ts';
import { ANSWER, candidates } from '../e2e/session-descriptions.ts';
import { trickled } from '../e2e/talk-steps.ts';
import { arrive, RESUMING, trickle } from './move-steps.ts';
import { Standstill } from './standstill.ts';
import { startNodes } from './two-nodes.ts';

/** Until a node that says nothing any more is declared dead, with a beat of the others to spare, in milliseconds. */
const DECLARED_MS = 8_000;

const CALLERS = {
  'that resumes': { id: 'alice', username: 'alice', ...RESUMING },
  'without the feature resume': { id: 'alice', username: 'alice', deviceId: 'phone', protocol: 2 },
  'of the legacy protocol': { id: 'alice', username: 'alice' },
};

/** Alice is at node 0, which can die, and calls Bob at node 1; there is another node. */
async function ringing(user: (typeof CALLERS)[keyof typeof CALLERS]) {
  const first = new Standstill();
  const stage = await startNodes({
    count: 3,
    before: (stores, node) => (node === 0 ? first.before(stores) : stores),
  });
  onTestFinished(() => first.open());
  await stage.clock.advance(DECLARED_MS);
  const { client: alice } = await arrive(stage, 0, user);
  const bob = await stage.join(1, 'bob');
  const callId = await ring(alice, bob);
  const accept = async () => {
    expect(await bob.ask('accept_call', { callId, answer: ANSWER })).toEqual({ ok: true });
  };
  /** It takes its connections along. */
  const die = async () => {
    first.shut();
    await alice.cutWire();
  };
  const comeBackAt = async (node: number, last = alice) => {
    const resume = 'features' in user ? [resumePoint(last, callId)] : undefined;
    const { client, success } = await arrive(stage, node, { ...user, ...(resume && { resume }) });
    expect(success.calls).toMatchObject([{ callId, here: true }]);
    return client;
  };
  return { stage, alice, bob, callId, accept, die, comeBackAt };
}

type Scene = Awaited<ReturnType<typeof ringing>>;

/** It knows that it was accepted, once, and before anything that came of it; and talks. */
async function knowsOfTheAnswer(client: Scene['alice'], { stage, bob, callId }: Scene) {
  trickle(bob, client, 1, 2);
  await stage.settle(bob, client);
  const events = client.log.map(({ event }) => event).filter((event) => event !== 'call_status');
  expect(events.slice(events.indexOf('join_success') + 1)[0]).toBe('call_accepted');
  expect(client.take('call_accepted')).toMatchObject([{ callId, answer: ANSWER }]);
  expect(await trickled(client)).toEqual(candidates(1, 2));
  await stillTalking(client, bob, callId);
  await stage.clock.advance(60_000);
  await stage.settle(bob, client);
  await client.quiet('call_accepted', 'call_ended');
}

describe.each(Object.entries(CALLERS))('a caller %s whose call is answered while it is away', (_, user) => {
  test.each([1, 2])('[NODE-5] is told at node %i, when its node lives', async (node) => {
    const scene = await ringing(user);
    await scene.alice.drop();
    await scene.bob.next('call_status');
    await scene.accept();
    await knowsOfTheAnswer(await scene.comeBackAt(node), scene);
  });

  test.each([1, 2])('[NODE-5] is told at node %i, when its node is dead since before the answer', async (node) => {
    const scene = await ringing(user);
    await scene.die();
    await scene.accept();
    await scene.stage.clock.advance(DECLARED_MS);
    await knowsOfTheAnswer(await scene.comeBackAt(node), scene);
  });

  test.each([1, 2])('[NODE-5] is told at node %i, when its node was buried before the answer', async (node) => {
    const scene = await ringing(user);
    await scene.die();
    await scene.stage.clock.advance(DECLARED_MS);
    await scene.accept();
    await knowsOfTheAnswer(await scene.comeBackAt(node), scene);
  });

  test.each([1, 2])('[NODE-5] is told at node %i, when its node died with what waited', async (node) => {
    const scene = await ringing(user);
    await scene.alice.drop();
    await scene.bob.next('call_status');
    await scene.accept();
    await scene.stage.clock.advance(3_000);
    await scene.die();
    await scene.stage.clock.advance(DECLARED_MS);
    await knowsOfTheAnswer(await scene.comeBackAt(node), scene);
  });

  test('[NODE-5] is told once, and not again at the next node', async () => {
    const scene = await ringing(user);
    await scene.die();
    await scene.stage.clock.advance(DECLARED_MS);
    await scene.accept();
    const second = await scene.comeBackAt(1);
    await second.next('call_accepted');
    await second.drop();
    const third = await scene.comeBackAt(2, second);
    await stillTalking(third, scene.bob, scene.callId);
    await third.quiet('call_accepted');
  });

  test('[NODE-5] is not told again of an answer that it has had for long when its node dies', async () => {
    const scene = await ringing(user);
    const { stage, alice, bob, callId } = scene;
    await answer(bob, alice, callId);
    await stage.clock.advance(60_000);
    await scene.die();
    await stage.clock.advance(DECLARED_MS);
    const back = await scene.comeBackAt(2);
    await stillTalking(back, bob, callId);
    await back.quiet('call_accepted');
  });
});

describe.each(Object.entries(CALLERS).slice(0, 2))(
  'a caller %s that comes back before anybody knows that its node is dead',
  (_, user) => {
    test.each([1, 2])('[NODE-5] is told at node %i that its call was answered', async (node) => {
      const scene = await ringing(user);
      await scene.die();
      await scene.accept();
      const back = scene.comeBackAt(node);
      await asked(scene);
      await knowsOfTheAnswer(await back, scene);
    });
  },
);

/** The dead node is asked, and gives no answer. */
async function asked({ stage }: Scene) {
  for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
  await stage.clock.advance(1_000);
}
