import { afterEach, expect, test } from 'vitest';
import { Placer } from '../../../../src/load/worker/placer.ts';
import { sampleResult } from '../../../support/sample-result.ts';

const { plan } = sampleResult({ plan: { workers: 1, durationMs: 1 } }).summary;
const happened: string[] = [];
const placer = new Placer({
  plan,
  worker: 0,
  place: () => happened.push('placed') > 0,
  onEnd: () => happened.push('over'),
});
afterEach(() => placer.stop());

test('[LOAD-14] a rate that is changed while users join places nothing, and ends nothing', () => {
  placer.scale(2);
  expect(happened).toEqual([]);
});
