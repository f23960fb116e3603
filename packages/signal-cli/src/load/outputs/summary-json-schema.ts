import { z } from 'zod';
import { summarySchema } from '../result.js';

/**
 * The JSON Schema of `summary.json`, as the package ships it.
 *
 * @see SPEC.md, rule REPORT-2
 */
export function summaryJsonSchema(): object {
  return {
    ...z.toJSONSchema(summarySchema, { target: 'draft-2020-12' }),
    title: 'summary.json of signal-cli load',
    description: 'What a load run found. Durations are in milliseconds; histograms are V2 compressed HdrHistograms.',
  };
}
