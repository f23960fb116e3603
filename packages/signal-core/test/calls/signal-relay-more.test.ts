import { describe, expect, test } from 'vitest';
import { hungUp, laptop, PLACED_AT, phone, ringing } from '../domain/cast.ts';
import { NOT_IN_CALL, numbers, RELAYED, relaying, TOO_MANY } from './relaying.ts';

describe('a device that counts', () => {
  test('[TALK-5] [ICE-7] may repeat what is held also when there is no room for more', () => {
    const { place, sendNumbered } = relaying();
    place();
    for (const number of numbers(1, 200)) sendNumbered(laptop, 'bob', number, number);
    expect(sendNumbered(laptop, 'bob', 200, 200)).toEqual(RELAYED);
    expect(sendNumbered(laptop, 'bob', 201, 201)).toEqual(TOO_MANY);
  });

  test('[TALK-5] may repeat a number while the call rings, whatever the event', () => {
    const { outbox, place, sendNumbered, describe: tell } = relaying();
    place();
    sendNumbered(laptop, 'bob', 1, 3);
    outbox.take();
    expect(tell(laptop, 'offer', 2)).toEqual(RELAYED);
    expect(outbox.lines()).toEqual([]);
  });
});

test('[ICE-1] a candidate for somebody else is not of the call, whether it names the call or not', () => {
  const { outbox, place, answer, send } = relaying();
  place();
  answer();
  outbox.take();
  expect(send(laptop, 'carol', 1)).toEqual(RELAYED);
  expect(send(laptop, 'carol', 2, undefined, 'c1')).toEqual(NOT_IN_CALL);
  expect(outbox.lines()).toEqual([]);
});

describe('the next call of a caller', () => {
  const isOver = (reason: 'replaced' | 'cancelled') =>
    hungUp({ id: 'c1', reason, callerDevice: laptop, endedAt: PLACED_AT });

  test('[ICE-8] has nothing of a call that was answered: that went out', () => {
    const { outbox, relay, place, answer, send } = relaying();
    place();
    send(laptop, 'bob', 'old');
    answer();
    relay.close(isOver('replaced'));
    outbox.take();
    place();
    answer();
    expect(outbox.lines()).not.toContain('phone: ice_candidate old');
  });

  test('[ICE-8] has nothing of one that was cancelled', () => {
    const { outbox, relay, place, answer, send } = relaying();
    place();
    send(laptop, 'bob', 'old');
    relay.close(isOver('cancelled'));
    place();
    answer();
    expect(outbox.lines()).not.toContain('phone: ice_candidate old');
  });
});

test('[ICE-10] [LOSS-2] a device that is not rung any more hears no candidates; rung anew it has each once', () => {
  const { outbox, relay, run, place, send } = relaying();
  outbox.equip(phone, 'early_candidates');
  place();
  send(laptop, 'bob', 1);
  expect(outbox.candidatesTo(phone)).toEqual(['phone: ice_candidate 1']);
  run({ type: 'unrung', device: phone, callId: 'c1' });
  send(laptop, 'bob', 2);
  expect(outbox.candidatesTo(phone)).toEqual([]);
  expect(relay.isEngaged(phone)).toBe(false);
  run({ type: 'ring', device: phone, call: ringing() });
  send(laptop, 'bob', 3);
  expect(outbox.candidatesTo(phone)).toEqual([
    'phone: ice_candidate 1',
    'phone: ice_candidate 2',
    'phone: ice_candidate 3',
  ]);
});
