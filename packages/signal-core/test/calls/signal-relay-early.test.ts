import { expect, test } from 'vitest';
import type { Effect } from '../../src/domain/effect.ts';
import { hungUp, laptop, PLACED_AT, phone, ringing, tablet, tv, up } from '../domain/cast.ts';
import { numbers, relaying } from './relaying.ts';

/** Bob's phone takes the caller's candidates while it is rung; his tablet does not. */
function early() {
  const stage = relaying();
  stage.outbox.equip(phone, 'early_candidates');
  return stage;
}

const ringEffect = (device: typeof phone, call = ringing()): Effect => ({ type: 'ring', device, call });
const single = (device: string, ...names: (string | number)[]) =>
  names.map((name) => `${device}: ice_candidate ${name}`);

test("[ICE-10] a rung device that takes them gets the caller's candidates as they come, another one does not", () => {
  const { outbox, send, place } = early();
  place();
  outbox.take();
  send(laptop, 'bob', 1);
  expect(outbox.lines()).toEqual(['phone: ice_candidate 1']);
  send(laptop, 'bob', null);
  expect(outbox.lines()).toEqual(['phone: ice_candidate null']);
});

test('[ICE-10] [ICE-4] those held so far follow its incoming_call', () => {
  const { outbox, send, place } = early();
  send(laptop, 'bob', 1);
  send(laptop, 'bob', 2);
  place();
  expect(outbox.lines()).toEqual([
    'laptop: call_status',
    'phone: incoming_call',
    ...single('phone', 1, 2),
    'tablet: incoming_call',
  ]);
});

test('[ICE-10] what it got is not sent again when it accepts, what came since is', () => {
  const { outbox, send, place, answer } = early();
  send(laptop, 'bob', 1);
  place();
  send(laptop, 'bob', 2);
  answer();
  send(laptop, 'bob', 3);
  expect(outbox.candidatesTo(phone)).toEqual(single('phone', 1, 2, 3));
});

test('[ICE-10] a device that does not take them gets all when it accepts, whatever others got', () => {
  const { outbox, send, place, answer } = early();
  outbox.equip(phone);
  outbox.equip(tablet, 'early_candidates');
  place();
  send(laptop, 'bob', 1);
  send(laptop, 'bob', 2);
  answer();
  send(laptop, 'bob', 3);
  const lines = outbox.lines();
  expect(lines.filter((line) => line.startsWith('tablet: ice_'))).toEqual(single('tablet', 1, 2));
  expect(lines.filter((line) => line.startsWith('phone: ice_'))).toEqual(single('phone', 1, 2, 3));
});

test('[ICE-10] of two that take them each gets each once, whenever it was rung', () => {
  const { outbox, run, send, place } = early();
  outbox.equip(tv, 'early_candidates');
  place();
  send(laptop, 'bob', 1);
  run(ringEffect(tv, ringing({ rung: [up(phone), up(tablet), up(tv)] })));
  send(laptop, 'bob', 2);
  const lines = outbox.lines();
  expect(lines.filter((line) => line.startsWith('phone: ice_'))).toEqual(single('phone', 1, 2));
  expect(lines.filter((line) => line.startsWith('tv: '))).toEqual(['tv: incoming_call', ...single('tv', 1, 2)]);
});

test('[ICE-10] [LOSS-8] a device that is rung anew gets all from the first on, each once', () => {
  const { outbox, run, send, place, answer } = early();
  place();
  send(laptop, 'bob', 1);
  send(laptop, 'bob', 2);
  outbox.take();
  run(ringEffect(phone));
  send(laptop, 'bob', 3);
  answer();
  expect(outbox.candidatesTo(phone)).toEqual(single('phone', 1, 2, 3));
});

test('[ICE-10] [LOSS-8] a ring that the device is shown already begins nothing anew', () => {
  const { outbox, run, send, place, answer } = early();
  place();
  send(laptop, 'bob', 1);
  outbox.showNoRing(phone);
  run(ringEffect(phone));
  send(laptop, 'bob', 2);
  answer();
  expect(outbox.candidatesTo(phone)).toEqual(single('phone', 1, 2));
});

test('[ICE-10] [LOSS-8] nor does one that it misses: it gets all when it is shown the ring, or accepts', () => {
  const { outbox, send, place, answer } = early();
  outbox.showNoRing(phone);
  place();
  send(laptop, 'bob', 1);
  expect(outbox.candidatesTo(phone)).toEqual([]);
  answer();
  expect(outbox.candidatesTo(phone)).toEqual(single('phone', 1));
});

test('[ICE-10] while a device cannot take them nothing is sent to it; rung anew it gets all', () => {
  const { outbox, run, send, place } = early();
  place();
  send(laptop, 'bob', 1);
  outbox.equip(phone);
  outbox.take();
  send(laptop, 'bob', 2);
  outbox.equip(phone, 'early_candidates');
  send(laptop, 'bob', 3);
  expect(outbox.lines()).toEqual([]);
  run(ringEffect(phone));
  expect(outbox.candidatesTo(phone)).toEqual(single('phone', 1, 2, 3));
});

test('[ICE-10] one that accepts without being rung anew gets what it missed', () => {
  const { outbox, send, place, answer } = early();
  place();
  send(laptop, 'bob', 1);
  outbox.equip(phone);
  send(laptop, 'bob', 2);
  answer();
  expect(outbox.candidatesTo(phone)).toEqual(single('phone', 1, 2));
});

test('[ICE-10] [ICE-5] what is stale is left out, early and after the answer', () => {
  const { outbox, send, place, answer } = early();
  outbox.equip(tablet, 'early_candidates');
  send(laptop, 'bob', 'old1', 'old');
  send(laptop, 'bob', 1, 'offr');
  place();
  send(laptop, 'bob', 'old2', 'old');
  send(laptop, 'bob', 2, 'offr');
  outbox.equip(phone);
  send(laptop, 'bob', 'old3', 'old');
  send(laptop, 'bob', 3, 'offr');
  answer();
  const lines = outbox.lines().filter((line) => line.includes('ice_'));
  expect(lines.filter((line) => line.startsWith('phone'))).toEqual(single('phone', 1, 2, 3));
  expect(lines.filter((line) => line.startsWith('tablet'))).toEqual(single('tablet', 1, 2, 3));
});

test('[ICE-10] [ICE-9] they come in batches where batches are taken, and a batch is never torn up', () => {
  const { outbox, send, sendBatch, place, answer } = early();
  outbox.equip(phone, 'early_candidates', 'ice_batch');
  send(laptop, 'bob', 1);
  send(laptop, 'bob', 2);
  place();
  sendBatch(laptop, [3, 4, 5]);
  send(laptop, 'bob', 6);
  outbox.equip(phone, 'ice_batch');
  sendBatch(laptop, [7, 8]);
  answer();
  expect(outbox.candidatesTo(phone)).toEqual([
    'phone: ice_candidates 1 2',
    'phone: ice_candidates 3 4 5',
    'phone: ice_candidate 6',
    'phone: ice_candidates 7 8',
  ]);
});

test('[ICE-10] [ICE-7] what was sent early is held all the same: no more than 200', () => {
  const { outbox, send, place } = early();
  place();
  for (const name of numbers(1, 200)) send(laptop, 'bob', name);
  expect(send(laptop, 'bob', 'one more')).toEqual({ ok: false, code: 'rate_limited' });
  expect(outbox.candidatesTo(phone)).toHaveLength(200);
});

test('[ICE-10] [ICE-3] the caller gets nothing early', () => {
  const { outbox, send, place } = early();
  outbox.equip(laptop, 'early_candidates');
  place();
  outbox.take();
  send(phone, 'alice', 1);
  expect(outbox.lines()).toEqual([]);
});

test('[ICE-10] [CALL-20] a device that the call is over for gets nothing more of it', () => {
  const { outbox, relay, send, place } = early();
  place();
  relay.close(hungUp({ reason: 'cancelled' }));
  outbox.take();
  send(laptop, 'bob', 1);
  expect(outbox.lines()).toEqual([]);
});

test('[ICE-10] [ICE-8] a replaced call hands its candidates on, and the next one tells them early', () => {
  const { outbox, relay, send, place } = early();
  place();
  send(laptop, 'bob', 1);
  relay.close(hungUp({ reason: 'replaced', callerDevice: laptop, endedAt: PLACED_AT }));
  outbox.take();
  place();
  expect(outbox.candidatesTo(phone)).toEqual(single('phone', 1));
});
