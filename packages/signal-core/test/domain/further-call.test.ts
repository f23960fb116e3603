import { describe, expect, test } from 'vitest';
import type { Call } from '../../src/domain/call.ts';
import { isFurther, reassertion } from '../../src/domain/further-call.ts';
import { active, hungUp, ringing } from './cast.ts';

const STATES: Call[] = [
  ringing({ version: 1 }),
  ringing({ version: 9 }),
  active({ version: 2 }),
  active({ version: 7 }),
  hungUp({ version: 3 }),
  hungUp({ version: 8 }),
];

describe('two states of one call', () => {
  test('[NODE-10] of which the further one counts: ended, active, ringing, then the higher version', () => {
    for (const [index, one] of STATES.entries()) {
      for (const [otherIndex, other] of STATES.entries()) expect(isFurther(one, other)).toBe(index > otherIndex);
    }
  });

  test('[NODE-10] a store that has forgotten the call is told it as it was', () => {
    expect(reassertion(active(), undefined)).toEqual({ call: active(), expectedVersion: 0 });
  });

  test('[NODE-10] a store that has an earlier state is told on top of it, under a version that nobody has seen', () => {
    const stored = ringing({ version: 9 });
    expect(reassertion(hungUp({ version: 3 }), stored)).toEqual({ call: hungUp({ version: 10 }), expectedVersion: 9 });
    expect(reassertion(active({ version: 12 }), stored)?.call.version).toBe(13);
  });

  test('[NODE-10] a store that knows as much, or more, is told nothing', () => {
    for (const known of STATES) {
      for (const stored of STATES) {
        if (known === stored || isFurther(stored, known)) expect(reassertion(known, stored)).toBeUndefined();
      }
    }
  });
});
