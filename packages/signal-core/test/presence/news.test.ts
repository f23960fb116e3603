import { expect, test } from 'vitest';
import { newsByWatch } from '../../src/presence/news.ts';

const ref = (id: string) => ({ id, username: id });

test('[PRES-10] a change reaches those who chose to hear of one of its users, each with these users only', () => {
  const index: Record<string, string[]> = {
    ann: ['first', 'second'],
    ben: ['second'],
    cleo: ['first'],
    dan: ['third'],
  };
  const asked: string[] = [];
  const steps = newsByWatch({ joined: [ref('ann'), ref('ben'), ref('zoe')], left: ['cleo'] }, (id) => {
    asked.push(id);
    return index[id] ?? [];
  });
  for (const id of ['ann', 'ben', 'zoe', 'cleo']) {
    expect(steps.next().done).toBe(false);
    expect(asked.at(-1)).toBe(id);
  }
  expect(Object.fromEntries(steps.next().value ?? [])).toEqual({
    first: { joined: [ref('ann')], left: ['cleo'] },
    second: { joined: [ref('ann'), ref('ben')], left: [] },
  });
  // it costs what changed, not who watches
  expect(asked).toEqual(['ann', 'ben', 'zoe', 'cleo']);
});
