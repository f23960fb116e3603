import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { emptyDashboard } from '../../../src/dashboard/state.ts';
import { Store } from '../../../src/dashboard/store.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watched(): { store: Store; drawings: () => number } {
  const store = new Store(emptyDashboard({ id: 'me', username: 'me' }, 'localhost', 0));
  let drawings = 0;
  store.subscribe(() => {
    drawings += 1;
  });
  return { store, drawings: () => drawings };
}

test('[DASH-6] a storm of news is drawn ten times a second, and a key at once', () => {
  const { store, drawings } = watched();
  for (let n = 0; n < 1000; n += 1) {
    store.tell({ type: 'note', text: String(n) });
    vi.advanceTimersByTime(1);
  }
  expect(drawings()).toBeLessThanOrEqual(10);
  const before = drawings();
  store.press({ name: 'text', text: '2' });
  expect(drawings()).toBe(before + 1);
  expect(store.get()).toMatchObject({ screen: 'calls', note: '999' });
});

test('[DASH-6] nothing is drawn after the end', () => {
  const { store, drawings } = watched();
  store.tell({ type: 'note', text: 'late' });
  store.close();
  vi.advanceTimersByTime(1000);
  expect(drawings()).toBe(0);
});
