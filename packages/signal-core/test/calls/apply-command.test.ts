import { expect, test } from 'vitest';
import { applyCommand } from '../../src/calls/apply-command.ts';
import { placeCall } from '../../src/calls/place-call.ts';
import type { CallCommand } from '../../src/domain/command.ts';
import { ANSWER, laptop, NOW, pager, phone, tablet } from '../domain/cast.ts';
import { overriding } from '../stores/overriding.ts';
import { stage } from './stage.ts';

const accept = (device: typeof phone): CallCommand => ({ type: 'accept', device, answer: ANSWER, at: NOW });
const hangUp: CallCommand = { type: 'end', device: laptop, at: NOW };

async function ringing(options: Parameters<typeof stage>[0] = {}) {
  const set = stage(options);
  await set.online(laptop, phone, tablet, pager);
  await placeCall(set.context, set.call());
  set.heard();
  return set;
}

test('[CALL-17] an id that does not exist and a call of others get the same answer', async () => {
  const { context, heard } = await ringing();
  const answers = [
    await applyCommand(context, 'no-such-call', accept(pager)),
    await applyCommand(context, 'c1', accept(pager)),
  ];
  expect(answers).toEqual([
    { ok: false, code: 'call_not_found' },
    { ok: false, code: 'call_not_found' },
  ]);
  expect(heard()).toEqual([]);
});

test('[CALL-4] of devices that accept at once one wins', async () => {
  const { context, stores, heard } = await ringing();
  const outcomes = await Promise.all([phone, tablet].map((device) => applyCommand(context, 'c1', accept(device))));
  expect(outcomes).toEqual([{ ok: true }, { ok: false, code: 'invalid_state' }]);
  expect(heard()).toEqual(['answered by phone', 'tablet: ended, answered_elsewhere by bob']);
  expect(await stores.calls.get('c1')).toMatchObject({ status: 'active', callee: { device: phone } });
});

test('[CALL-21] of an answer and a cancellation at once one wins, and everybody hears the same', async () => {
  const { context, stores, heard } = await ringing();
  const outcomes = await Promise.all([applyCommand(context, 'c1', hangUp), applyCommand(context, 'c1', accept(phone))]);
  expect(outcomes).toEqual([{ ok: true }, { ok: false, code: 'invalid_state' }]);
  expect(heard()).toEqual(['phone: ended, cancelled by alice', 'tablet: ended, cancelled by alice', 'c1 over']);
  expect(await stores.calls.get('c1')).toMatchObject({ status: 'ended', reason: 'cancelled' });
});

test('[STORE-3] a race that was lost is decided anew', async () => {
  let losses = 0;
  const { context, heard } = await ringing({
    calls: (store) => overriding(store, { commit: async (commit) => losses-- <= 0 && store.commit(commit) }),
  });
  losses = 5;
  expect(await applyCommand(context, 'c1', hangUp)).toEqual({ ok: true });
  expect(heard()).toHaveLength(3);
});

test('[HOST-11] nothing is told of what could not be committed', async () => {
  let isRefusing = false;
  const { context, heard } = await ringing({
    calls: (store) => overriding(store, { commit: async (commit) => !isRefusing && store.commit(commit) }),
  });
  isRefusing = true;
  expect(await applyCommand(context, 'c1', hangUp)).toEqual({ ok: false, code: 'unavailable' });
  expect(heard()).toEqual([]);
});

test('[CALL-18] a repeated command is not written again', async () => {
  const { context, stores, heard } = await ringing();
  await applyCommand(context, 'c1', hangUp);
  const ended = await stores.calls.get('c1');
  heard();
  expect(await applyCommand(context, 'c1', hangUp)).toEqual({ ok: true });
  expect(await stores.calls.get('c1')).toEqual(ended);
  expect(heard()).toEqual([]);
});
