import { expect, test } from 'vitest';
import { EarlyCandidates } from '../../src/calls/early-candidates.ts';
import { laptop, watch } from '../domain/cast.ts';
import { candidate } from './outbox.ts';

/** Early candidates, held at one moment unless told otherwise. */
function early() {
  const held = new EarlyCandidates();
  const hold = (to: string, name: string | number, now = 0, device = laptop) =>
    held.hold(device, to, candidate(name), now);
  const take = (to: string, now = 0, device = laptop) => held.take(device, to, now);
  return { held, hold, take };
}

const named = (...names: (string | number)[]) => names.map((name) => candidate(name));

test('[ICE-4] candidates wait for the next call of that device to that user, in the order sent', () => {
  const { hold, take } = early();
  hold('bob', 'a');
  hold('carol', 'x');
  hold('bob', 'b');
  hold('bob', 'other', 0, watch);
  expect(take('bob')).toEqual(named('a', 'b'));
  expect(take('bob')).toEqual([]);
  expect(take('carol')).toEqual(named('x'));
  expect(take('bob', 0, watch)).toEqual(named('other'));
});

test('[ICE-4] candidates wait for 10 s, each from when it was sent', () => {
  const { hold, take } = early();
  hold('bob', 'a', 0);
  hold('bob', 'b', 4_000);
  expect(take('bob', 10_000)).toEqual(named('b'));
});

test('[ICE-4] at the last moment they are still there', () => {
  const { hold, take } = early();
  hold('bob', 'a', 0);
  expect(take('bob', 9_999)).toEqual(named('a'));
});

test('[ICE-4] 64 wait by device and user, and one more is refused', () => {
  const { hold, take } = early();
  for (let index = 0; index < 64; index += 1) expect(hold('bob', index)).toBe(true);
  expect(hold('bob', 'one more')).toBe(false);
  expect(hold('carol', 'another user')).toBe(true);
  expect(hold('bob', 'another device', 0, watch)).toBe(true);
  expect(take('bob')).toHaveLength(64);
});

test('[ICE-4] 128 wait by device, and one more is refused', () => {
  const { hold } = early();
  for (let index = 0; index < 64; index += 1) expect([hold('bob', index), hold('carol', index)]).toEqual([true, true]);
  expect(hold('dave', 'one more')).toBe(false);
});

test('[ICE-4] what has waited too long makes room', () => {
  const { hold, take } = early();
  for (let index = 0; index < 64; index += 1) hold('bob', index, 0);
  expect(hold('bob', 'late', 9_999)).toBe(false);
  expect(hold('bob', 'late', 10_000)).toBe(true);
  expect(take('bob', 10_000)).toEqual(named('late'));
});

test('[ICE-4] sweeping lets go of what has waited too long, and of nothing else', () => {
  const { held, hold, take } = early();
  hold('bob', 'old', 0);
  hold('bob', 'watch', 5_000, watch);
  held.sweep(10_000);
  expect(take('bob', 0)).toEqual([]);
  expect(take('bob', 10_000, watch)).toEqual(named('watch'));
});
