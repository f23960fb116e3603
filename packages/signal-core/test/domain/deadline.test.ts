import { describe, expect, test } from 'vitest';
import type { ActiveCall, Call, RingingCall } from '../../src/domain/call.ts';
import { activeDueAt, ringingDueAt } from '../../src/domain/deadline.ts';
import { transition } from '../../src/domain/transition.ts';
import { ANSWERED_AT, active, laptop, lost, NOW, PLACED_AT, phone, RULES, ringing, tablet, up } from './cast.ts';
import { effectLine } from './effect-line.ts';

const RINGS_UNTIL = PLACED_AT + 60_000;
const LONGEST = ANSWERED_AT + 12 * 60 * 60 * 1000;
const LATE = NOW + 56_000;

describe('a ringing call is due', () => {
  const cases: [title: string, call: RingingCall, dueAt: number][] = [
    ['[CALL-7] at the ring timeout', ringing(), RINGS_UNTIL],
    ['[LOSS-2] 5 s after its caller was lost', ringing({ caller: lost(laptop) }), NOW + 5_000],
    ['[LOSS-2] 15 s after a rung device was lost', ringing({ rung: [up(phone), lost(tablet)] }), NOW + 15_000],
    ['[LOSS-2] for the first device lost', ringing({ rung: [lost(phone), lost(tablet, NOW + 1)] }), NOW + 15_000],
    [
      '[CALL-7] at the ring timeout, when that comes before the grace ends',
      ringing({ caller: lost(laptop, LATE) }),
      RINGS_UNTIL,
    ],
  ];
  test.each(cases)('%s', (_, call, dueAt) => expect(ringingDueAt(call, RULES)).toBe(dueAt));
});

describe('an active call is due', () => {
  const cases: [title: string, call: ActiveCall, dueAt: number][] = [
    ['[CALL-7] when it has become too long', active(), LONGEST],
    ['[LOSS-2] 15 s after its caller was lost', active({ caller: lost(laptop) }), NOW + 15_000],
    ['[LOSS-2] 15 s after its callee was lost', active({ callee: lost(phone) }), NOW + 15_000],
    ['[LOSS-2] for the first one lost', active({ caller: lost(laptop, NOW + 9), callee: lost(phone) }), NOW + 15_000],
    [
      '[CALL-7] when it has become too long, in the middle of a grace',
      active({ callee: lost(phone, LONGEST - 1) }),
      LONGEST,
    ],
  ];
  test.each(cases)('%s', (_, call, dueAt) => expect(activeDueAt(call, RULES)).toBe(dueAt));
});

describe('an expired deadline', () => {
  const cases: [title: string, call: Call, at: number, status: Call['status'], effects: string[]][] = [
    [
      '[CALL-7] ends a call that rang too long, for both sides',
      ringing(),
      RINGS_UNTIL,
      'ended',
      ['laptop: ended, no_answer', 'phone: ended, no_answer', 'tablet: ended, no_answer', 'c1 over'],
    ],
    [
      '[LOSS-5] ends the ringing of a caller who did not return',
      ringing({ caller: lost(laptop) }),
      NOW + 5_000,
      'ended',
      [
        'laptop: ended, peer_disconnected',
        'phone: ended, peer_disconnected',
        'tablet: ended, peer_disconnected',
        'c1 over',
      ],
    ],
    [
      '[LOSS-5] takes a rung device that did not return out of the ringing',
      ringing({ rung: [lost(phone), up(tablet)] }),
      NOW + 15_000,
      'ringing',
      ['phone: rung no more'],
    ],
    [
      '[LOSS-5] ends the ringing with the last rung device',
      ringing({ rung: [lost(phone), lost(tablet)] }),
      NOW + 15_000,
      'ended',
      ['phone: rung no more', 'tablet: rung no more', 'laptop: ended, peer_disconnected', 'c1 over'],
    ],
    [
      '[LOSS-5] ends an active call whose peer did not return',
      active({ callee: lost(phone) }),
      NOW + 15_000,
      'ended',
      ['laptop: ended, peer_disconnected after 17000 ms', 'phone: ended, peer_disconnected after 17000 ms', 'c1 over'],
    ],
    [
      '[CALL-7] ends a call that has become too long',
      active(),
      LONGEST,
      'ended',
      ['laptop: ended, max_duration after 43200000 ms', 'phone: ended, max_duration after 43200000 ms', 'c1 over'],
    ],
  ];

  test.each(cases)('%s', (_, call, at, status, effects) => {
    const decision = transition(call, { type: 'expire', at }, RULES);
    expect(decision).toMatchObject({ ok: true, call: { status, version: call.version + 1 } });
    expect(decision.ok && decision.effects.map(effectLine)).toEqual(effects);
  });

  test.each(cases)('%s, and not a millisecond before', (_, call, at) => {
    expect(transition(call, { type: 'expire', at: at - 1 }, RULES)).toEqual({ ok: true, call, effects: [] });
  });
});
