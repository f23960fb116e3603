import { describe, expect, test } from 'vitest';
import type { Call, LiveCall } from '../../src/domain/call.ts';
import { catchUp } from '../../src/domain/catch-up.ts';
import { ANSWER, active, declined, hungUp, laptop, lost, NOW, phone, ringing, tv, up } from './cast.ts';
import { effectLine } from './effect-line.ts';

const lines = (known: LiveCall | undefined, now: Call) => catchUp(known, now).map(effectLine);
const answered = active({ answer: ANSWER });

describe('devices of a node that missed several versions of a call', () => {
  test.each<[string, LiveCall, Call, string[]]>([
    [
      'that was answered and ended are told of the end, with how it came',
      ringing(),
      hungUp({ endedBy: phone }),
      ['laptop: ended, hangup by bob after 1000 ms', 'tablet: ended, answered_elsewhere by bob', 'c1 over'],
    ],
    [
      'that one of the rung declined are told so',
      ringing(),
      declined(),
      ['laptop: rejected, declined', 'tablet: ended, rejected_elsewhere by bob', 'c1 over'],
    ],
    [
      'for which others were rung meanwhile hear of the answer alone',
      ringing({ rung: [up(phone)] }),
      active({ answer: ANSWER, callee: up(tv) }),
      ['answered by tv', 'phone: ended, answered_elsewhere by bob'],
    ],
    [
      'whose caller was lost after the answer hear of both, in this order',
      ringing(),
      active({ answer: ANSWER, caller: lost(laptop) }),
      ['answered by phone', 'tablet: ended, answered_elsewhere by bob', 'phone: peer_reconnecting'],
    ],
    [
      'of whom one was given up and another came are told no more than that',
      ringing(),
      ringing({ version: 4, rung: [up(phone), up(tv)] }),
      ['tablet: rung no more', 'tv: rings'],
    ],
    ['whose caller was lost and came back were spared the news', ringing(), ringing({ version: 3 }), []],
    [
      'whose peer came back and was lost again hear that it is away',
      active({ callee: lost(phone) }),
      active({ version: 4, callee: lost(phone, NOW + 1_000) }),
      ['laptop: peer_reconnecting'],
    ],
  ])('[NODE-2] %s', (_, known, now, told) => expect(lines(known, now)).toEqual(told));

  test('[NODE-2] that they never heard of are told nothing of its end', () => {
    expect(lines(undefined, hungUp())).toEqual([]);
    expect(lines(undefined, declined())).toEqual([]);
  });

  test('[NODE-2] whose ring they never heard of hear nothing of who else answered', () => {
    const known = ringing({ rung: [up(phone)] });
    expect(lines(known, hungUp({ endedBy: phone }))).toEqual(['laptop: ended, hangup by bob after 1000 ms', 'c1 over']);
  });
});

describe('devices of a node that knows nothing of a call', () => {
  test('[NODE-2] are rung, and told that the caller is away', () => {
    expect(lines(undefined, ringing({ caller: lost(laptop), rung: [up(phone)] }))).toEqual([
      'c1 placed',
      'phone: rings',
      'phone: peer_reconnecting',
    ]);
  });

  test('[NODE-2] talk in it without having to be told', () => {
    expect(lines(undefined, answered)).toEqual(['c1 opened']);
    expect(lines(undefined, { ...answered, caller: lost(laptop) })).toEqual(['c1 opened', 'phone: peer_reconnecting']);
  });

  test('[NODE-2] [RESUME-7] who wait for a restored call hear that it goes on, however late', () => {
    for (const version of [1, 5]) {
      expect(lines(undefined, active({ version }))).toEqual(['c1 restored for laptop', 'phone: peer_reconnected']);
    }
    expect(lines(undefined, active({ version: 2, callee: lost(phone) })).at(-1)).toBe('laptop: peer_reconnecting');
  });
});

describe('the answer of a call', () => {
  test('[NODE-2] is passed on as it was given', () => {
    expect(catchUp(ringing(), answered)[0]).toEqual({ type: 'answered', call: answered, answer: ANSWER });
  });
});
