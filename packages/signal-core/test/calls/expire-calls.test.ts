import { expect, test } from 'vitest';
import { applyCommand } from '../../src/calls/apply-command.ts';
import { expireCalls } from '../../src/calls/expire-calls.ts';
import { placeCall } from '../../src/calls/place-call.ts';
import { ANSWER, laptop, phone, tablet } from '../domain/cast.ts';
import { overriding } from '../stores/overriding.ts';
import { stage } from './stage.ts';

/** How much later than its deadline a call may end, in milliseconds. */
const TICK = 250;

async function ringing(options: Parameters<typeof stage>[0] = {}) {
  const set = stage(options);
  const stop = expireCalls(set.all);
  await set.online(laptop, phone, tablet);
  await placeCall(set.context, set.call());
  set.heard();
  return { ...set, stop };
}

test('[CALL-7] a call that nobody answers ends after 60 s, and at most a tick later', async () => {
  const { clock, heard } = await ringing();
  await clock.advance(59_999);
  expect(heard()).toEqual([]);
  await clock.advance(TICK);
  expect(heard()).toEqual([
    'laptop: ended, no_answer',
    'phone: ended, no_answer',
    'tablet: ended, no_answer',
    'c1 over',
  ]);
});

test('[CALL-7] an active call ends when it has become too long', async () => {
  const { context, clock, heard } = await ringing({ rules: { maxCallMs: 600_000 } });
  await clock.advance(1_000);
  await applyCommand(context, 'c1', { type: 'accept', device: phone, answer: ANSWER, at: clock.now() });
  heard();
  await clock.advance(599_999);
  expect(heard()).toEqual([]);
  await clock.advance(TICK);
  expect(heard()).toEqual([
    expect.stringMatching(/^laptop: ended, max_duration after 600\d\d\d ms$/),
    expect.stringMatching(/^phone: ended, max_duration after 600\d\d\d ms$/),
    'c1 over',
  ]);
});

test('[LOSS-5] the call of a device that does not return in time ends', async () => {
  const { context, clock, heard } = await ringing();
  await applyCommand(context, 'c1', { type: 'accept', device: phone, answer: ANSWER, at: clock.now() });
  await applyCommand(context, 'c1', { type: 'lose', device: phone, at: clock.now() });
  heard();
  await clock.advance(14_999);
  expect(heard()).toEqual([]);
  await clock.advance(TICK);
  expect(heard()).toContainEqual(expect.stringMatching(/^laptop: ended, peer_disconnected/));
});

test('[STORE-4] a deadline that could not be carried out is tried again, and the log says so', async () => {
  let isDown = false;
  const { clock, heard, logged } = await ringing({
    calls: (store) =>
      overriding(store, {
        commit: (commit) => (isDown ? Promise.reject(new Error('store is down')) : store.commit(commit)),
      }),
  });
  isDown = true;
  await clock.advance(61_000);
  expect(heard()).toEqual([]);
  expect(logged).toEqual([{ level: 'error', message: 'deadlines could not be carried out' }]);
  isDown = false;
  await clock.advance(5_000);
  expect(heard()).toContain('laptop: ended, no_answer');
});

test('[STORE-4] a store that is away for long is logged once, and again when it goes away again', async () => {
  let isAway = false;
  const { clock, logged } = await ringing({
    calls: (store) =>
      overriding(store, {
        claimDue: (now, limit) => (isAway ? Promise.reject(new Error('away')) : store.claimDue(now, limit)),
      }),
  });
  for (const expected of [1, 2]) {
    isAway = true;
    await clock.advance(20_000);
    expect(logged).toHaveLength(expected);
    isAway = false;
    await clock.advance(1_000);
  }
});

test('[STORE-4] a store that is slow is not asked twice at a time', async () => {
  let [asking, most] = [0, 0];
  const { clock, heard } = await ringing({
    calls: (store) =>
      overriding(store, {
        async claimDue(now, limit) {
          asking += 1;
          most = Math.max(most, asking);
          await new Promise<void>((answer) => clock.after(900, answer));
          asking -= 1;
          return store.claimDue(now, limit);
        },
      }),
  });
  await clock.advance(62_000);
  expect(most).toBe(1);
  expect(heard()).toContain('c1 over');
});

test('[HOST-6] nothing is carried out, and no timer is left, after it was stopped', async () => {
  const { clock, heard, stop } = await ringing();
  stop();
  expect(clock.pending).toBe(0);
  await clock.advance(120_000);
  expect(heard()).toEqual([]);
});
