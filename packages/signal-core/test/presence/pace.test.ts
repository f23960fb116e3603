import { describe, expect, test } from 'vitest';
import { Pace } from '../../src/presence/pace.ts';
import { FakeClock } from '../../src/testing/index.ts';

/** A broadcaster of lists that come to so many bytes, and when it sent them, in milliseconds from the beginning. */
function broadcasting(bytes: number, budgetBytesPerSecond = 20_000_000) {
  const clock = new FakeClock(0);
  const sentAt: number[] = [];
  const broadcaster = new Pace({
    clock,
    budgetBytesPerSecond,
    send: async () => {
      sentAt.push(clock.now());
      return bytes;
    },
  });
  return { clock, sentAt, broadcaster };
}

/** Node's timers take a millisecond at least. */
const AT_ONCE = 1;

describe('changes of the list', () => {
  test('[PRES-2] that come after a quiet time are sent at once', async () => {
    const { clock, sentAt, broadcaster } = broadcasting(1_000);
    broadcaster.changed();
    await clock.advance(10);
    await clock.advance(60_000);
    broadcaster.changed();
    await clock.advance(10);
    expect(sentAt).toEqual([AT_ONCE, 60_010 + AT_ONCE]);
  });

  test('[PRES-2] that come together are one broadcast', async () => {
    const { clock, sentAt, broadcaster } = broadcasting(1_000);
    for (let change = 0; change < 1_000; change += 1) broadcaster.changed();
    await clock.advance(10_000);
    expect(sentAt).toEqual([AT_ONCE]);
  });

  test('[PRES-2] that go on and on are sent four times a second, and the last of them is sent, too', async () => {
    const { clock, sentAt, broadcaster } = broadcasting(1_000);
    for (let time = 0; time < 1_000; time += 10) {
      broadcaster.changed();
      await clock.advance(10);
    }
    await clock.advance(1_000);
    expect(sentAt).toEqual([1, 251, 501, 751, 1_001]);
  });

  test('[PRES-2] that never come are never sent', async () => {
    const { clock, sentAt } = broadcasting(1_000);
    await clock.advance(60_000);
    expect(sentAt).toEqual([]);
  });

  test('[HOST-6] are not sent any more when it was closed', async () => {
    const { clock, sentAt, broadcaster } = broadcasting(1_000);
    broadcaster.changed();
    broadcaster.close();
    expect(clock.pending).toBe(0);
    await clock.advance(1_000);
    expect(sentAt).toEqual([]);
  });
});

describe('a broadcast that takes its time', () => {
  /** A broadcaster whose broadcasts end when they are told to. */
  function slowly() {
    const clock = new FakeClock(0);
    const sentAt: number[] = [];
    let end = () => {};
    const send = () => {
      sentAt.push(clock.now());
      return new Promise<number>((resolve) => {
        end = () => resolve(1_000);
      });
    };
    return {
      clock,
      sentAt,
      end: () => end(),
      broadcaster: new Pace({ clock, budgetBytesPerSecond: 1_000, send }),
    };
  }

  test('[PRES-2] is not overtaken by the next one, which follows as soon as the budget allows', async () => {
    const { clock, sentAt, end, broadcaster } = slowly();
    broadcaster.changed();
    await clock.advance(AT_ONCE);
    broadcaster.changed();
    broadcaster.changed();
    await clock.advance(600);
    expect(sentAt).toEqual([AT_ONCE]);
    end();
    await clock.advance(399);
    expect(sentAt).toEqual([AT_ONCE]);
    await clock.advance(1_000);
    expect(sentAt).toEqual([AT_ONCE, 1_000 + AT_ONCE]);
  });

  test('[PRES-2] for longer than the interval is followed at once', async () => {
    const { clock, sentAt, end, broadcaster } = slowly();
    broadcaster.changed();
    await clock.advance(AT_ONCE);
    broadcaster.changed();
    await clock.advance(5_000);
    end();
    await clock.advance(1);
    expect(sentAt).toEqual([AT_ONCE, 5_000 + 2 * AT_ONCE]);
  });

  test('[HOST-6] is followed by nothing once it was closed', async () => {
    const { clock, sentAt, end, broadcaster } = slowly();
    broadcaster.changed();
    await clock.advance(AT_ONCE);
    broadcaster.changed();
    broadcaster.close();
    end();
    await clock.advance(10_000);
    broadcaster.changed();
    await clock.advance(10_000);
    expect([sentAt, clock.pending]).toEqual([[AT_ONCE], 0]);
  });
});

describe('the interval between two broadcasts', () => {
  test.each([
    ['250 ms when nobody is there', 0, 20_000_000, 250],
    ['250 ms for what fits the budget', 5_000_000, 20_000_000, 250],
    ['just above it, longer', 5_020_000, 20_000_000, 251],
    ['5,650 ms for a list of 1,000 to 1,000', 113_000_000, 20_000_000, 5_650],
    ['twice as long for half the budget', 113_000_000, 10_000_000, 11_300],
  ])('[PRES-2] is %s', async (_, bytes, budget, interval) => {
    const { clock, sentAt, broadcaster } = broadcasting(bytes, budget);
    broadcaster.changed();
    await clock.advance(AT_ONCE);
    broadcaster.changed();
    await clock.advance(60_000);
    expect(sentAt).toEqual([AT_ONCE, AT_ONCE + interval]);
  });

  test('[PRES-2] keeps the bytes of a busy minute within the budget', async () => {
    const { clock, sentAt, broadcaster } = broadcasting(30_000_000);
    for (let time = 0; time < 60_000; time += 100) {
      broadcaster.changed();
      await clock.advance(100);
    }
    expect(sentAt.length).toBe(40);
    expect((sentAt.length * 30_000_000) / 60).toBeLessThanOrEqual(20_000_000);
  });
});
