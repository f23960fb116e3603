import { expect, test } from 'vitest';
import { Rings } from '../../src/gateway/rings.ts';

test('[LOSS-8] a ring is shown once by connection', () => {
  const rings = new Rings();
  expect([rings.ring('a', true), rings.ring('a', true)]).toEqual([true, false]);
  const anew = rings.forNewConnection();
  expect([anew.ring('a', true), anew.ring('a', true)]).toEqual([true, false]);
});

test('[LOSS-8] the end of a ring that was missed is not told, that of one that was shown is', () => {
  const rings = new Rings();
  rings.ring('missed', false);
  rings.ring('shown', true);
  rings.ring('shown at last', false);
  rings.ring('shown at last', true);
  const later = rings.forNewConnection();
  later.ring('shown', true);
  expect(['missed', 'shown', 'shown at last', 'never rung'].map((callId) => later.end(callId))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test.each([
  [32, false],
  [33, true],
])('[LOSS-8] of %i rings that were missed the oldest is forgotten: %s', (count, isForgotten) => {
  const rings = new Rings();
  for (let index = 0; index < count; index += 1) rings.ring(`call ${index}`, false);
  expect(rings.end('call 0')).toBe(isForgotten);
  expect(rings.end('call 1')).toBe(false);
});
