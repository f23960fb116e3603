import { afterEach, expect, test, vi } from 'vitest';
import { sendInSlices } from '../../src/gateway/broadcast-slices.ts';
import type { Connection } from '../../src/gateway/connection.ts';
import { prepare } from '../../src/gateway/wire.ts';

const LIST = prepare('2["users_updated",[]]');

afterEach(() => {
  vi.restoreAllMocks();
});

/** Connections that note when they were written to. */
function connections(count: number, isOpen = (_: number) => true) {
  const written: number[] = [];
  const all = Array.from({ length: count }, (_, index) => ({
    isOpen: isOpen(index),
    writePrepared: (message: unknown) => message === LIST && written.push(index),
  }));
  // nothing else of a connection is touched
  return { written, all: all as unknown as Connection[] };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test('[PRES-3] a broadcast that takes longer than 2 ms goes on in the next turn, and reaches everybody once, in order', async () => {
  const { written, all } = connections(1_000);
  // as if every write took 50 µs
  vi.spyOn(performance, 'now').mockImplementation(() => written.length * 0.05);
  sendInSlices(all, LIST);
  const slices: number[] = [];
  while (written.length < 1_000) {
    slices.push(written.length - slices.reduce((sum, slice) => sum + slice, 0));
    await nextTurn();
  }
  expect(slices.length).toBeGreaterThan(10);
  for (const slice of slices) expect(slice * 0.05).toBeLessThanOrEqual(2 + 16 * 0.05);
  expect(written).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
});

test('[PRES-3] a broadcast to few leaves at once', () => {
  const { written, all } = connections(10);
  sendInSlices(all, LIST);
  expect(written).toHaveLength(10);
});

test('[PRES-3] who is gone when the turn comes is left out', () => {
  const { written, all } = connections(10, (index) => index % 2 === 0);
  sendInSlices(all, LIST);
  expect(written).toEqual([0, 2, 4, 6, 8]);
});
