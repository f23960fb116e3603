import { describe, expect, test } from 'vitest';
import { LIMIT_PROFILES } from '../../src/limits.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import { laptop, pager, phone, ringing, tablet, up, watch } from '../domain/cast.ts';
import { candidate } from './outbox.ts';
import { NOT_IN_CALL, numbers, RELAYED, relaying, TOO_MANY } from './relaying.ts';

/** A call that was answered; the phone takes batches, the laptop does not. */
function talking() {
  const stage = relaying();
  stage.outbox.equip(phone, 'ice_batch');
  stage.place();
  stage.answer();
  stage.outbox.take();
  return stage;
}

describe('in an active call', () => {
  test('[ICE-9] a batch reaches a device that takes batches whole, and nobody else', () => {
    const { outbox, sendBatch } = talking();
    expect(sendBatch(laptop, [1, 2, null])).toEqual(RELAYED);
    expect(outbox.take()).toEqual([
      {
        device: phone,
        event: 'ice_candidates',
        payload: { callId: 'c1', from: 'alice', candidates: [candidate(1), candidate(2), null] },
      },
    ]);
  });

  test('[ICE-9] it reaches another device one by one, in the order sent', () => {
    const { outbox, sendBatch } = talking();
    sendBatch(phone, [1, 2, 3]);
    expect(outbox.take()).toEqual(
      [1, 2, 3].map((name) => ({
        device: laptop,
        event: 'ice_candidate',
        payload: { callId: 'c1', from: 'bob', candidate: candidate(name) },
      })),
    );
  });

  test('[ICE-9] a single candidate comes singly, however it was sent', () => {
    const { outbox, send, sendBatch } = talking();
    sendBatch(laptop, [1]);
    send(laptop, 'bob', 2);
    expect(outbox.lines()).toEqual(['phone: ice_candidate 1', 'phone: ice_candidate 2']);
  });

  test('[ICE-9] a batch of as many as there may be goes out as one', () => {
    const { outbox, sendBatch } = talking();
    sendBatch(laptop, numbers(1, LIMITS.candidatesPerBatch));
    expect(outbox.lines()).toEqual([`phone: ice_candidates ${numbers(1, 64).join(' ')}`]);
  });

  test('[ICE-9] the call is named by its id alone, and must be one of the device', () => {
    const { outbox, sendBatch } = talking();
    for (const device of [watch, tablet, pager]) expect(sendBatch(device, [1])).toEqual(NOT_IN_CALL);
    expect(sendBatch(laptop, [1], undefined, 'c2')).toEqual({ ...NOT_IN_CALL, callId: 'c2' });
    expect(outbox.lines()).toEqual([]);
  });
});

describe('what was held', () => {
  test('[ICE-9] [ICE-2] goes to a device that takes batches in batches, in the order sent', () => {
    const { outbox, send, sendBatch, place, answer } = relaying();
    outbox.equip(phone, 'ice_batch');
    send(laptop, 'bob', 1);
    place();
    sendBatch(laptop, [2, 3]);
    send(laptop, 'bob', 4);
    outbox.take();
    answer();
    expect(outbox.candidatesTo(phone)).toEqual(['phone: ice_candidates 1 2 3 4']);
  });

  test('[ICE-9] [ICE-3] goes to a caller that takes batches in batches, after call_accepted', () => {
    const { outbox, sendBatch, place, answer } = relaying();
    outbox.equip(laptop, 'ice_batch');
    place();
    sendBatch(phone, [1, 2]);
    sendBatch(tablet, [8, 9]);
    outbox.take();
    answer();
    expect(outbox.lines()).toEqual(['laptop: call_accepted', 'laptop: ice_candidates 1 2', 'tablet: call_ended']);
  });

  test('[ICE-9] goes out one by one where batches are not taken', () => {
    const { outbox, sendBatch, place, answer } = relaying();
    place();
    sendBatch(laptop, [1, 2, null]);
    outbox.take();
    answer();
    expect(outbox.candidatesTo(phone)).toEqual(['1', '2', 'null'].map((name) => `phone: ice_candidate ${name}`));
  });

  test('[ICE-9] is sent in batches of 64 at most; one that is left over comes singly', () => {
    const { outbox, sendBatch, place, answer } = relaying();
    outbox.equip(phone, 'ice_batch');
    place();
    for (const start of [1, 65, 129]) sendBatch(laptop, numbers(start, Math.min(start + 63, 129)));
    outbox.take();
    answer();
    expect(outbox.candidatesTo(phone)).toEqual([
      `phone: ice_candidates ${numbers(1, 64).join(' ')}`,
      `phone: ice_candidates ${numbers(65, 128).join(' ')}`,
      'phone: ice_candidate 129',
    ]);
  });

  test('[ICE-9] [ICE-5] leaves out what is stale', () => {
    const { outbox, relay, place, answer } = relaying();
    outbox.equip(phone, 'ice_batch');
    place();
    const candidates = [candidate(1, 'offr'), candidate('old', 'old'), candidate(2), null];
    relay.relayBatch(laptop, { callId: 'c1', candidates });
    outbox.take();
    answer();
    expect(outbox.candidatesTo(phone)).toEqual(['phone: ice_candidates 1 2 null']);
  });
});

describe('limits', () => {
  test('[ICE-7] a batch is held whole or not at all: 200 wait by call and device', () => {
    const { outbox, send, sendBatch, place, answer } = relaying();
    place();
    for (const start of [1, 51, 101]) expect(sendBatch(laptop, numbers(start, start + 49))).toEqual(RELAYED);
    expect(sendBatch(laptop, numbers(151, 201))).toEqual(TOO_MANY);
    expect(sendBatch(laptop, numbers(151, 199))).toEqual(RELAYED);
    expect(sendBatch(laptop, [200, 201])).toEqual(TOO_MANY);
    expect(send(laptop, 'bob', 200)).toEqual(RELAYED);
    expect(send(laptop, 'bob', 201)).toEqual(TOO_MANY);
    outbox.take();
    answer();
    expect(outbox.candidatesTo(phone)).toEqual(numbers(1, 200).map((name) => `phone: ice_candidate ${name}`));
  });

  /** Sends candidates in an active call until so many are sent. */
  const trickle = (stage: ReturnType<typeof talking>, device: typeof laptop, count: number) => {
    for (let sent = 0; sent < count; sent += 50) {
      expect(stage.sendBatch(device, numbers(1, Math.min(50, count - sent)))).toEqual(RELAYED);
    }
  };
  const MAX = LIMIT_PROFILES.relaxed.candidatesPerGeneration;

  test('[ICE-11] one side may send 10,000 in a generation, and one more is refused', () => {
    const stage = talking();
    trickle(stage, laptop, MAX - 1);
    expect(stage.sendBatch(laptop, ['one more', 'and another'])).toEqual(TOO_MANY);
    expect(stage.send(laptop, 'bob', 'the last')).toEqual(RELAYED);
    stage.outbox.take();
    expect(stage.send(laptop, 'bob', 'one more')).toEqual(TOO_MANY);
    expect(stage.sendBatch(laptop, ['one more'])).toEqual(TOO_MANY);
    expect(stage.outbox.lines()).toEqual([]);
    expect(stage.send(phone, 'alice', "the other side's")).toEqual(RELAYED);
  });

  test.each(['offer', 'answer'] as const)("[ICE-11] a side's own %s begins its next generation", (type) => {
    const stage = talking();
    trickle(stage, laptop, MAX);
    stage.describe(phone, type);
    expect(stage.send(laptop, 'bob', 'one more')).toEqual(TOO_MANY);
    stage.describe(laptop, type);
    trickle(stage, laptop, MAX);
    expect(stage.send(laptop, 'bob', 'one more')).toEqual(TOO_MANY);
  });

  test.each(['pranswer', 'rollback'] as const)('[ICE-11] a %s does not', (type) => {
    const stage = talking();
    trickle(stage, laptop, MAX);
    stage.describe(laptop, type);
    expect(stage.send(laptop, 'bob', 'one more')).toEqual(TOO_MANY);
  });

  test('[ICE-11] what was sent before the answer counts', () => {
    const stage = relaying();
    stage.send(laptop, 'bob', 'early');
    stage.place(ringing({ rung: [up(phone)] }));
    stage.sendBatch(laptop, ['held', 'too']);
    stage.answer();
    trickle(stage, laptop, MAX - 3);
    expect(stage.send(laptop, 'bob', 'one more')).toEqual(TOO_MANY);
  });
});
