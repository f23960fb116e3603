import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { summaryJsonSchema } from '../../../../src/load/outputs/summary-json-schema.ts';
import { hostileResult } from '../../../support/hostile.ts';
import { sampleResult } from '../../../support/sample-result.ts';

const file = new URL('../../../../summary.schema.json', import.meta.url);
const shipped = JSON.parse(readFileSync(file, 'utf8'));
const { summary } = sampleResult({ plan: { durationMs: 2_000 } });
const validate = new Ajv2020({ validateFormats: false }).compile(shipped);

test('[REPORT-2] the schema that is shipped is that of the code: npm run schema -w signal-core-cli', () => {
  expect(shipped).toEqual(JSON.parse(JSON.stringify(summaryJsonSchema())));
});

test('[REPORT-2] a summary fits it', () => {
  for (const some of [summary, hostileResult().summary, { ...summary, server: null, phases: {} }]) {
    expect(validate(JSON.parse(JSON.stringify(some))), JSON.stringify(validate.errors)).toBe(true);
  }
});

test.each([
  ['of another version', { version: 2 }],
  ['without a verdict', { verdict: undefined }],
  ['with a negative count', { peakConcurrent: -1 }],
  ['with an unknown phase', { phases: { lunch: summary.phases.setup } }],
])('[REPORT-2] one %s does not', (_, changes) => {
  expect(validate(JSON.parse(JSON.stringify({ ...summary, ...changes })))).toBe(false);
});

test('[REPORT-2] the package ships it', () => {
  const manifest = JSON.parse(readFileSync(new URL('package.json', file), 'utf8'));
  expect(manifest.files).toContain('summary.schema.json');
  expect(manifest.exports['./summary.schema.json']).toBe('./summary.schema.json');
});
