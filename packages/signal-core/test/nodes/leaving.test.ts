import type { Stores } from 'signal-core';
import { expect, onTestFinished, test } from 'vitest';
import { talk } from '../e2e/call-steps.ts';
import { overriding, withCalls } from '../stores/overriding.ts';
import { arrive, signal } from './move-steps.ts';
import { Standstill } from './standstill.ts';
import { startNodes } from './two-nodes.ts';

/** Until a node that says nothing any more is declared dead, and its devices are given up, in milliseconds. */
const GIVEN_UP_MS = 8_000 + 15_000 + 1_000;

/** Runs something once the session of a user has changed, before anybody goes on. */
function onSwap(stores: Stores, user: string, run: () => void): Stores {
  const { presence } = stores;
  return {
    ...stores,
    presence: {
      sessionsOf: (id) => presence.sessionsOf(id),
      subscribe: (...listeners) => presence.subscribe(...listeners),
      async swap(change, expected) {
        const isDone = await presence.swap(change, expected);
        if (change.device.startsWith(`${user}/`)) run();
        return isDone;
      },
    },
  };
}

test.each([1, 2])(
  '[NODE-18] a node that dies once the session of whoever leaves has changed %i times holds up no call',
  async (deadAfter) => {
    const dying = new Standstill();
    let changes = Number.NEGATIVE_INFINITY;
    const stage = await startNodes({
      before: (stores, node) =>
        node === 1
          ? stores
          : onSwap(dying.before(stores), 'alice', () => {
              changes += 1;
              if (changes === deadAfter) dying.shut();
            }),
    });
    onTestFinished(() => dying.open());
    const [alice, bob] = [await stage.join(0, 'alice'), await stage.join(1, 'bob')];
    const callId = await talk(alice, bob);
    await stage.clock.advance(8_000);
    changes = 0;
    alice.send('leave');
    await expect.poll(() => dying.isShut).toBe(true);
    await stage.clock.advance(GIVEN_UP_MS);
    expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
  },
);

test('[NODE-18] a legacy page that comes while the one before leaves is another device', async () => {
  const [held, isEnding] = [signal(), signal()];
  let isHeld = false;
  const stage = await startNodes({
    before: (stores, node) =>
      node === 1
        ? stores
        : withCalls(stores, (calls) =>
            overriding(calls, {
              async commit(commit) {
                if (isHeld) {
                  isEnding.happen();
                  await held.happened;
                }
                return calls.commit(commit);
              },
            }),
          ),
  });
  const alice = await arrive(stage, 0, { id: 'alice', username: 'alice' });
  const bob = await stage.join(1, 'bob');
  const callId = await talk(alice.client, bob);
  isHeld = true;
  alice.client.close();
  await isEnding.happened;
  const again = await arrive(stage, 1, { id: 'alice', username: 'alice' });
  expect(again.success.deviceId).not.toBe(alice.success.deviceId);
  held.happen();
  expect(await bob.next('call_ended')).toMatchObject({ callId, reason: 'peer_disconnected' });
  await talk(again.client, bob);
});
