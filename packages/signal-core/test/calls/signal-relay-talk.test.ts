import { describe, expect, test } from 'vitest';
import { active, OFFER as DESCRIPTION, hungUp, laptop, pager, phone, ringing, tablet, watch } from '../domain/cast.ts';
import { NOT_ANSWERED, NOT_IN_CALL, RELAYED, relaying, TOO_MANY } from './relaying.ts';

/** A call that was answered. */
function talking() {
  const stage = relaying();
  stage.place();
  stage.answer();
  stage.outbox.take();
  return stage;
}

describe('in an active call', () => {
  test('[TALK-1] a description reaches the device at the other end, and nobody else', () => {
    const { outbox, relay } = talking();
    for (const [device, description] of [
      [laptop, DESCRIPTION],
      [phone, { type: 'rollback' }],
    ] as const) {
      expect(relay.relayDescription(device, { callId: 'c1', description })).toEqual(RELAYED);
    }
    expect(outbox.take()).toEqual([
      {
        device: phone,
        event: 'session_description',
        payload: { callId: 'c1', from: 'alice', description: DESCRIPTION },
      },
      {
        device: laptop,
        event: 'session_description',
        payload: { callId: 'c1', from: 'bob', description: { type: 'rollback' } },
      },
    ]);
  });

  test('[TALK-1] [TURN-4] what goes nowhere is not made fit to be shown', () => {
    const { outbox, relay } = talking();
    const unfit = { callId: 'c1', description: DESCRIPTION };
    let shown = 0;
    const show = () => {
      shown += 1;
      return { type: 'rollback' as const };
    };
    expect(relay.relayDescription(laptop, { ...unfit, callId: 'none' }, show)).toMatchObject({ ok: false });
    expect(relay.relayDescription(tablet, unfit, show)).toMatchObject({ ok: false });
    expect([shown, outbox.take()]).toEqual([0, []]);
    expect(relay.relayDescription(laptop, unfit, show)).toEqual(RELAYED);
    expect(shown).toBe(1);
    expect(outbox.take()).toMatchObject([{ payload: { description: { type: 'rollback' } } }]);
  });

  test('[TALK-2] what applications have for each other reaches the device at the other end, and nobody else', () => {
    const { outbox, relay } = talking();
    expect(relay.relayInfo(phone, { callId: 'c1', data: { muted: true } })).toEqual(RELAYED);
    expect(outbox.take()).toEqual([
      { device: laptop, event: 'call_info', payload: { callId: 'c1', from: 'bob', data: { muted: true } } },
    ]);
  });

  test('[TALK-4] what a device sends arrives in the order sent, whatever the events', () => {
    const { outbox, send, sendBatch, describe, inform } = talking();
    outbox.equip(phone, 'ice_batch');
    inform(laptop, 'first');
    describe(laptop, 'offer');
    send(laptop, 'bob', 1);
    sendBatch(laptop, [2, 3]);
    inform(laptop, 'then');
    describe(laptop, 'rollback');
    sendBatch(laptop, [4]);
    expect(outbox.lines()).toEqual([
      'phone: call_info "first"',
      'phone: session_description',
      'phone: ice_candidate 1',
      'phone: ice_candidates 2 3',
      'phone: call_info "then"',
      'phone: session_description',
      'phone: ice_candidate 4',
    ]);
  });
});

describe('outside of an active call', () => {
  const outsiders = { watch, tablet, pager };

  test('[TALK-3] while it rings neither the caller nor a rung device may describe or inform', () => {
    const { outbox, place, describe, inform } = relaying();
    place();
    outbox.take();
    for (const device of [laptop, phone, tablet]) {
      expect(describe(device, 'offer')).toEqual(NOT_ANSWERED);
      expect(inform(device, 'hello')).toEqual(NOT_ANSWERED);
    }
    expect(outbox.lines()).toEqual([]);
  });

  test.each(Object.entries(outsiders))('[TALK-3] the %s has no part in it', (_, device) => {
    const { outbox, describe, inform } = talking();
    expect(describe(device, 'offer')).toEqual(NOT_IN_CALL);
    expect(inform(device, 'hello')).toEqual(NOT_IN_CALL);
    expect(outbox.lines()).toEqual([]);
  });

  test('[TALK-3] nobody has, once it is over', () => {
    const { outbox, relay, describe, inform, sendBatch } = talking();
    relay.close(hungUp());
    for (const device of [laptop, phone]) {
      expect([describe(device, 'offer'), inform(device, 'hello'), sendBatch(device, [1])]).toEqual([
        NOT_IN_CALL,
        NOT_IN_CALL,
        NOT_IN_CALL,
      ]);
    }
    expect(outbox.lines()).toEqual([]);
  });
});

describe('a device that counts', () => {
  test('[TALK-5] repeats what it likes, and each arrives once', () => {
    const { outbox, sendNumbered, sendBatch, describe, inform } = talking();
    const all = [
      () => sendNumbered(laptop, 'bob', 1, 1),
      () => sendBatch(laptop, [2, 3], 2),
      () => describe(laptop, 'offer', 3),
      () => inform(laptop, 'x', 4),
    ];
    const expected = [
      'phone: ice_candidate 1',
      'phone: ice_candidate 2',
      'phone: ice_candidate 3',
      'phone: session_description',
      'phone: call_info "x"',
    ];
    expect(all.map((send) => send())).toEqual([RELAYED, RELAYED, RELAYED, RELAYED]);
    expect(outbox.lines()).toEqual(expected);
    expect(all.map((send) => send())).toEqual([RELAYED, RELAYED, RELAYED, RELAYED]);
    expect(outbox.lines()).toEqual([]);
  });

  test('[TALK-5] has one row of numbers, whatever the event; some may be left out', () => {
    const { outbox, sendNumbered, inform, describe } = talking();
    inform(laptop, 'a', 5);
    sendNumbered(laptop, 'bob', 'below', 4);
    describe(laptop, 'offer', 5);
    inform(laptop, 'b', 90);
    expect(outbox.lines()).toEqual(['phone: call_info "a"', 'phone: call_info "b"']);
  });

  test('[TALK-5] may send what it does not count in between', () => {
    const { outbox, send, sendBatch, inform } = talking();
    inform(laptop, 'a', 5);
    for (const uncounted of [() => inform(laptop, 'b'), () => send(laptop, 'bob', 1), () => sendBatch(laptop, [2])]) {
      uncounted();
      inform(laptop, 'a', 5);
    }
    inform(laptop, 'c', 6);
    expect(outbox.lines()).toEqual([
      'phone: call_info "a"',
      'phone: call_info "b"',
      'phone: ice_candidate 1',
      'phone: ice_candidate 2',
      'phone: call_info "c"',
    ]);
  });

  test('[TALK-5] has numbers of its own, in each call', () => {
    const { outbox, run, inform } = talking();
    run({ type: 'restored', call: active({ id: 'c2' }), first: laptop });
    outbox.take();
    inform(laptop, 'a', 5);
    inform(phone, 'b', 1);
    inform(laptop, 'c', 1, 'c2');
    expect(outbox.lines()).toHaveLength(3);
  });

  test('[TALK-5] [ICE-2] what is held while the call rings is held once', () => {
    const { outbox, place, answer, sendNumbered, sendBatch } = relaying();
    place();
    for (let repeat = 0; repeat < 2; repeat += 1) {
      expect(sendNumbered(laptop, 'bob', 1, 1)).toEqual(RELAYED);
      expect(sendBatch(laptop, [2, 3], 2)).toEqual(RELAYED);
    }
    answer();
    expect(sendBatch(laptop, [2, 3], 2)).toEqual(RELAYED);
    expect(outbox.candidatesTo(phone)).toEqual([1, 2, 3].map((name) => `phone: ice_candidate ${name}`));
  });

  test('[TALK-5] what was refused was not taken, and may come again', () => {
    const { outbox, place, answer, inform, sendBatch } = relaying();
    place();
    expect(inform(laptop, 'too early', 1)).toEqual(NOT_ANSWERED);
    for (let sent = 0; sent < 4; sent += 1) sendBatch(laptop, Array(50).fill(sent));
    expect(sendBatch(laptop, ['too many'], 2)).toEqual(TOO_MANY);
    answer();
    outbox.take();
    expect(inform(laptop, 'now', 1)).toEqual(RELAYED);
    expect(sendBatch(laptop, ['now'], 2)).toEqual(RELAYED);
    expect(outbox.lines()).toEqual(['phone: call_info "now"', 'phone: ice_candidate now']);
  });

  test('[TALK-5] [ICE-11] a repeated description begins no generation, a repeated batch counts for nothing', () => {
    const { sendBatch, describe } = talking();
    const fifty = Array(50).fill('x');
    describe(laptop, 'offer', 1);
    for (let sent = 0; sent < 200; sent += 1) expect(sendBatch(laptop, fifty, sent + 2)).toEqual(RELAYED);
    expect(sendBatch(laptop, fifty, 201)).toEqual(RELAYED);
    describe(laptop, 'offer', 1);
    expect(sendBatch(laptop, ['one more'], 202)).toEqual(TOO_MANY);
  });

  test('[TALK-5] keeps its place when it is rung anew, and when the call is answered', () => {
    const { outbox, run, place, answer, sendNumbered } = relaying();
    const call = ringing();
    place(call);
    sendNumbered(phone, 'alice', 1, 1);
    run({ type: 'ring', device: phone, call });
    sendNumbered(phone, 'alice', 1, 1);
    answer();
    sendNumbered(phone, 'alice', 1, 1);
    expect(outbox.candidatesTo(laptop)).toEqual(['laptop: ice_candidate 1']);
  });
});
