import { expect, test } from 'vitest';
import { sampleSchema, summarySchema, traceSchema } from '../../../src/load/result.ts';
import { sampleResult } from '../../support/sample-result.ts';

test('the sample of a run is one that the schemas take, and the same each time', () => {
  const { summary, samples, traces } = sampleResult();
  expect(summarySchema.parse(summary)).toEqual(summary);
  expect(sampleSchema.array().parse(samples)).toEqual(samples);
  expect(traceSchema.array().parse(traces)).toEqual(traces);
  expect(sampleResult()).toEqual({ summary, samples, traces });
});
