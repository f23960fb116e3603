import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { INSTRUMENTS, PROCESS_INSTRUMENTS } from '../../src/metrics/instruments.ts';

test('[METRICS-2] the docs list each instrument with its labels, and nothing else', () => {
  const docs = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
  const listed = docs.split('\n').flatMap((line) => {
    const [, names = '', labels = ''] = line
      .split('|')
      .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    return Array.isArray(names) ? names.map((name) => `${name} ${labels}`) : [];
  });
  const built = [...Object.values(INSTRUMENTS), ...Object.values(PROCESS_INSTRUMENTS)].map(
    (instrument) => `${instrument.name} ${'labelNames' in instrument ? instrument.labelNames : ''}`,
  );
  expect(listed).toEqual(built);
});
