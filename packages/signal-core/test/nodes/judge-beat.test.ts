import { describe, expect, test } from 'vitest';
import { judgeBeat } from '../../src/nodes/judge-beat.ts';
import type { Beat } from '../../src/stores/nodes.ts';

const beat = (more: Partial<Beat> = {}): Beat => ({
  isKnown: true,
  at: 1_000,
  memory: 'first',
  alive: ['me', 'other'],
  silent: [],
  ...more,
});

describe('judgeBeat', () => {
  test('[NODE-14] the first beat makes a node one of the others', () => {
    expect(judgeBeat(undefined, beat({ isKnown: false }), 'me', false)).toEqual([{ type: 'join' }]);
  });

  test('[NODE-6] while all live there is nothing to do', () => {
    expect(judgeBeat('first', beat(), 'me', false)).toEqual([]);
  });

  test('[NODE-6] each of the silent is to be buried, this node itself is not', () => {
    const silent = ['other', 'me', 'third'];
    expect(judgeBeat('first', beat({ silent }), 'me', false)).toEqual([
      { type: 'bury', node: 'other' },
      { type: 'bury', node: 'third' },
    ]);
  });

  test('[NODE-7] a node that is not known any more was declared dead, and buries nobody', () => {
    const duties = judgeBeat('first', beat({ isKnown: false, silent: ['other'] }), 'me', false);
    expect(duties).toEqual([{ type: 'begin_anew' }]);
  });

  test('[NODE-10] stores with another memory have forgotten everything, and declared nobody dead', () => {
    const duties = judgeBeat('first', beat({ isKnown: false, memory: 'second' }), 'me', false);
    expect(duties).toEqual([{ type: 'tell_again' }]);
  });

  test('[NODE-10] stores that were away are told again, since what they were told last may be lost', () => {
    const duties = judgeBeat('first', beat({ silent: ['other'] }), 'me', true);
    expect(duties).toEqual([{ type: 'tell_again' }, { type: 'bury', node: 'other' }]);
  });

  test('[NODE-7] a node that was declared dead while the stores were away tells them nothing', () => {
    expect(judgeBeat('first', beat({ isKnown: false }), 'me', true)).toEqual([{ type: 'begin_anew' }]);
  });
});
