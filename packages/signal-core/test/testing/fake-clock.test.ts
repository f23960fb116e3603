import { FakeClock } from 'signal-core/testing';
import { expect, test } from 'vitest';

/** What ran, and when, counted from the beginning. */
function diary(clock: FakeClock) {
  const began = clock.now();
  const lines: string[] = [];
  const note = (what: string) => () => void lines.push(`${clock.now() - began} ${what}`);
  return { lines, note };
}

test('[TEST-4] time stands still until it is told to pass', async () => {
  const clock = new FakeClock(5_000);
  const { lines, note } = diary(clock);
  clock.after(1, note('after'));
  await clock.advance(0);
  expect([clock.now(), lines]).toEqual([5_000, []]);
  await clock.advance(10);
  expect([clock.now(), lines]).toEqual([5_010, ['1 after']]);
});

test('[TEST-4] what is due runs in the order of time, those of one moment in the order set', async () => {
  const clock = new FakeClock();
  const { lines, note } = diary(clock);
  clock.after(30, note('c'));
  clock.after(10, note('a'));
  clock.every(20, note('every'));
  clock.after(20, note('b'));
  clock.after(41, note('late'));
  await clock.advance(40);
  expect(lines).toEqual(['10 a', '20 every', '20 b', '30 c', '40 every']);
});

test('[TEST-4] each lets what it began settle before the next, and may set another', async () => {
  const clock = new FakeClock();
  const { lines, note } = diary(clock);
  clock.after(10, async () => {
    for (let turn = 0; turn < 50; turn += 1) await undefined;
    note('first, settled')();
    clock.after(5, note('second'));
  });
  clock.after(16, note('third'));
  await clock.advance(20);
  expect(lines).toEqual(['10 first, settled', '15 second', '16 third']);
});

test('[TEST-4] what is cancelled does not run, and is not waited for', async () => {
  const clock = new FakeClock();
  const { lines, note } = diary(clock);
  const cancels = [clock.after(10, note('after')), clock.every(10, note('every'))];
  expect(clock.pending).toBe(2);
  for (const cancel of [...cancels, ...cancels]) cancel();
  await clock.advance(100);
  expect([clock.pending, lines]).toEqual([0, []]);
});
