import { describe, expect, test } from 'vitest';
import {
  ANSWER,
  active,
  carol,
  hungUp,
  laptop,
  OFFER,
  PLACED_AT,
  pager,
  phone,
  ringing,
  tablet,
  up,
  watch,
} from '../domain/cast.ts';
import { candidate } from './outbox.ts';
import { relaying } from './relaying.ts';

describe('in an active call', () => {
  test('[ICE-1] a candidate reaches the device at the other end, and nobody else', () => {
    const { outbox, send, place, answer } = relaying();
    place();
    answer();
    outbox.take();
    expect(send(laptop, 'bob', 1)).toEqual({ ok: true });
    expect(send(phone, 'alice', 2)).toEqual({ ok: true });
    expect(outbox.take()).toEqual([
      { device: phone, event: 'ice_candidate', payload: { callId: 'c1', from: 'alice', candidate: candidate(1) } },
      { device: laptop, event: 'ice_candidate', payload: { callId: 'c1', from: 'bob', candidate: candidate(2) } },
    ]);
  });

  test('[ICE-1] the call may be named, and then it must be one of the device', () => {
    const { outbox, send, place, answer } = relaying();
    place();
    answer();
    outbox.take();
    expect(send(laptop, 'bob', 1, undefined, 'c1')).toEqual({ ok: true });
    expect(send(laptop, 'bob', 2, undefined, 'c2')).toEqual({ ok: false, code: 'not_in_call', callId: 'c2' });
    expect(send(watch, 'bob', 3, undefined, 'c1')).toEqual({ ok: false, code: 'not_in_call', callId: 'c1' });
    expect(send(pager, 'bob', 4, undefined, 'c1')).toEqual({ ok: false, code: 'not_in_call', callId: 'c1' });
    expect(outbox.lines()).toEqual(['phone: ice_candidate 1']);
  });

  test('[ICE-1] with several calls to one user the id names the one', () => {
    const { outbox, run, send, place, answer } = relaying();
    place();
    answer();
    const second = active({ id: 'c2', caller: up(laptop), callee: up(tablet) });
    run({ type: 'answered', call: second, answer: ANSWER });
    outbox.take();
    send(laptop, 'bob', 1, undefined, 'c2');
    send(laptop, 'bob', 2, undefined, 'c1');
    expect(outbox.lines()).toEqual(['tablet: ice_candidate 1', 'phone: ice_candidate 2']);
  });

  test('[RESUME-7] a restored call relays at once, in both directions', () => {
    const { outbox, run, send, sendBatch } = relaying();
    run({ type: 'restored', call: active(), first: laptop });
    outbox.take();
    expect(send(laptop, 'bob', 1, 'of whatever was agreed before')).toEqual({ ok: true });
    expect(sendBatch(phone, [2, 3])).toEqual({ ok: true });
    expect(outbox.lines()).toEqual(['phone: ice_candidate 1', 'laptop: ice_candidate 2', 'laptop: ice_candidate 3']);
  });

  test('[ICE-5] what is not held is never stale: ICE may restart', () => {
    const { outbox, send, place, answer } = relaying();
    place();
    answer();
    outbox.take();
    send(laptop, 'bob', 1, 'restarted');
    expect(outbox.lines()).toEqual(['phone: ice_candidate 1']);
  });

  test('[CALL-20] a call that is over relays nothing more', () => {
    const { outbox, relay, send, place, answer } = relaying();
    place();
    answer();
    relay.close(hungUp({ id: 'c1' }));
    outbox.take();
    expect(send(laptop, 'bob', 1, undefined, 'c1')).toMatchObject({ ok: false });
    expect(send(phone, 'alice', 2)).toEqual({ ok: true });
    expect(outbox.lines()).toEqual([]);
    expect([laptop, phone, tablet].map((device) => relay.isEngaged(device))).toEqual([false, false, false]);
  });

  test('[STORE-10] the end of a call leaves one of the same id, in another scope, as it is', () => {
    const { outbox, relay, run, send, place, answer } = relaying();
    const [dave, erin] = [
      { id: 'dave', username: 'Dave' },
      { id: 'erin', username: 'Erin' },
    ];
    const theirs = active({ from: dave, to: erin, caller: up('dave/pc'), callee: up('erin/mac') });
    place();
    answer();
    run({ type: 'answered', call: theirs, answer: ANSWER });
    relay.close(hungUp({ id: 'c1', from: dave, to: erin, callerDevice: 'dave/pc', calleeDevice: 'erin/mac' }));
    outbox.take();
    expect(send(laptop, 'bob', 1)).toEqual({ ok: true });
    expect(send(phone, 'alice', 2)).toEqual({ ok: true });
    expect(outbox.lines()).toEqual(['phone: ice_candidate 1', 'laptop: ice_candidate 2']);
    expect(relay.isEngaged('dave/pc') || relay.isEngaged('erin/mac')).toBe(false);
    relay.close(hungUp({ id: 'c1' }));
    expect([laptop, phone, tablet].map((device) => relay.isEngaged(device))).toEqual([false, false, false]);
  });
});

describe('while the call rings', () => {
  test("[ICE-2] the caller's candidates wait, and follow the answer in the order sent", () => {
    const { outbox, send, place, answer } = relaying();
    place();
    for (const name of [1, 2, 3]) send(laptop, 'bob', name);
    expect(outbox.lines()).toEqual(['laptop: call_status', 'phone: incoming_call', 'tablet: incoming_call']);
    answer();
    send(laptop, 'bob', 4);
    expect(outbox.lines().filter((line) => line.startsWith('phone'))).toEqual(
      [1, 2, 3, 4].map((name) => `phone: ice_candidate ${name}`),
    );
  });

  test('[ICE-3] those of the device that wins follow call_accepted, those of the others are dropped', () => {
    const { outbox, send, place, answer } = relaying();
    place();
    send(phone, 'alice', 1);
    send(tablet, 'alice', 'loser');
    send(phone, 'alice', 2);
    outbox.take();
    answer();
    send(tablet, 'alice', 'late loser');
    expect(outbox.lines()).toEqual([
      'laptop: call_accepted',
      'laptop: ice_candidate 1',
      'laptop: ice_candidate 2',
      'tablet: call_ended',
    ]);
  });

  test('[ICE-5] a held candidate of an earlier call is dropped, on both sides', () => {
    const { outbox, send, place, answer } = relaying();
    place();
    for (const ufrag of ['old', 'offr']) send(laptop, 'bob', ufrag, ufrag);
    for (const ufrag of ['old', 'answ']) send(phone, 'alice', ufrag, ufrag);
    outbox.take();
    answer();
    expect(outbox.lines().filter((line) => line.includes('candidate'))).toEqual([
      'phone: ice_candidate offr',
      'laptop: ice_candidate answ',
    ]);
  });

  test('[ICE-6] the end of candidates is held like a candidate', () => {
    const { outbox, send, place, answer } = relaying();
    place();
    send(laptop, 'bob', 1);
    send(laptop, 'bob', null);
    outbox.take();
    answer();
    expect(outbox.lines().filter((line) => line.startsWith('phone'))).toEqual([
      'phone: ice_candidate 1',
      'phone: ice_candidate null',
    ]);
  });

  test('[ICE-7] 200 wait by call and device, and one more is refused', () => {
    const { outbox, send, place, answer } = relaying();
    place();
    for (let index = 0; index < 200; index += 1) expect(send(laptop, 'bob', index)).toEqual({ ok: true });
    expect(send(laptop, 'bob', 'one more')).toEqual({ ok: false, code: 'rate_limited' });
    expect(send(phone, 'alice', 'the other side')).toEqual({ ok: true });
    outbox.take();
    answer();
    expect(outbox.lines().filter((line) => line.startsWith('phone'))).toHaveLength(200);
    expect(send(laptop, 'bob', 'after the answer')).toEqual({ ok: true });
  });

  test('[CALL-20] what waited for a call that ended is gone', () => {
    const { outbox, relay, send, place, answer } = relaying();
    place();
    send(laptop, 'bob', 'of the first call');
    relay.close(hungUp({ id: 'c1' }));
    place();
    outbox.take();
    answer();
    expect(outbox.lines().filter((line) => line.includes('candidate'))).toEqual([]);
  });
});

describe('before the call', () => {
  test('[ICE-4] candidates wait for the next call of their device to that user', () => {
    const { outbox, send, place, answer } = relaying();
    send(laptop, 'bob', 1);
    send(laptop, 'carol', 'for carol');
    send(watch, 'bob', "the watch's");
    send(laptop, 'bob', 2);
    place();
    send(laptop, 'bob', 3);
    outbox.take();
    answer();
    expect(outbox.lines().filter((line) => line.startsWith('phone'))).toEqual(
      [1, 2, 3].map((name) => `phone: ice_candidate ${name}`),
    );
  });

  test('[ICE-4] [ICE-5] those of an earlier gathering are stale', () => {
    const { outbox, send, place, answer } = relaying();
    send(laptop, 'bob', 'old', 'old');
    send(laptop, 'bob', 'new', 'offr');
    place(ringing({ offer: OFFER }));
    outbox.take();
    answer();
    expect(outbox.lines().filter((line) => line.startsWith('phone'))).toEqual(['phone: ice_candidate new']);
  });

  test('[ICE-4] one too many is refused', () => {
    const { send } = relaying();
    for (let index = 0; index < 64; index += 1) send(laptop, 'bob', index);
    expect(send(laptop, 'bob', 'one more')).toEqual({ ok: false, code: 'rate_limited' });
  });

  test('[ICE-4] they wait for 10 s until the call is placed', () => {
    const { outbox, relay, send, place, answer } = relaying();
    send(laptop, 'bob', 'too early');
    relay.sweep(PLACED_AT + 5_000);
    place(ringing({ startedAt: PLACED_AT + 10_000 }));
    outbox.take();
    answer();
    expect(outbox.lines().filter((line) => line.startsWith('phone'))).toEqual([]);
  });
});

describe('a device', () => {
  test('[CALL-15] is engaged while it calls, is rung, or talks', () => {
    const { relay, place, answer } = relaying();
    const engaged = () => [laptop, phone, tablet, watch].filter((device) => relay.isEngaged(device));
    expect(engaged()).toEqual([]);
    place();
    expect(engaged()).toEqual([laptop, phone, tablet]);
    answer();
    expect(engaged()).toEqual([laptop, phone]);
  });

  test('[ICE-8] what was sent for a call that its caller then replaces is of the next call to that user', () => {
    const { outbox, relay, send, place, answer } = relaying();
    place();
    send(laptop, 'bob', 'late');
    relay.close(hungUp({ id: 'c1', reason: 'replaced', callerDevice: laptop, endedAt: PLACED_AT }));
    place();
    answer();
    expect(outbox.lines()).toContain('phone: ice_candidate late');
  });

  test('[CALL-15] stays engaged in one call when another one is over', () => {
    const { relay, place } = relaying();
    place();
    place(ringing({ id: 'c2', from: carol, caller: up(pager), rung: [up(phone)] }));
    relay.close(hungUp({ id: 'c2', from: carol }));
    expect(relay.isEngaged(phone)).toBe(true);
    relay.close(hungUp({ id: 'c1' }));
    expect(relay.isEngaged(phone)).toBe(false);
  });
});
