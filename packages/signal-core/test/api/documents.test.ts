import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { errorCodeTable } from '../../src/api/code-words.ts';
import { apiDocuments } from '../../src/api/documents.ts';
import { componentSchemas } from '../../src/api/models.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { END_REASONS, ERROR_CODES } from '../../src/protocol/index.ts';
import { at, type Document, readDocument, refsIn } from './api-document.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const errorsSource = read('../../src/protocol/errors.ts');
const NAMES = ['openapi.json', 'asyncapi.json', 'signal.postman_collection.json'] as const;
const [openApi, asyncApi] = [readDocument('openapi.json'), readDocument('asyncapi.json')];

async function openApiErrors(document: Document): Promise<unknown> {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  return valid ? undefined : errors;
}

const require = createRequire(import.meta.url);
const asyncApiSchema: object = require('@asyncapi/specs/schemas/3.0.0.json');
const asyncApiValidate = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false }).compile(
  asyncApiSchema,
);

test('[API-1] openapi.json is OpenAPI 3.1', async () => {
  expect(openApi.openapi).toBe('3.1.0');
  expect(await openApiErrors(openApi)).toBeUndefined();
  expect(await openApiErrors({ ...openApi, paths: { '/x': { get: { responses: 7 } } } })).toBeDefined();
});

test('[API-2] asyncapi.json is AsyncAPI 3', () => {
  expect(asyncApi.asyncapi).toBe('3.0.0');
  expect(asyncApiValidate(asyncApi), JSON.stringify(asyncApiValidate.errors)).toBe(true);
  expect(asyncApiValidate({ ...asyncApi, operations: { join: { action: 'shout' } } })).toBe(false);
});

test.each(NAMES)('[API-1] [API-2] every reference of %s leads somewhere', (name) => {
  const document = readDocument(name);
  expect([...new Set(refsIn(document))].filter((pointer) => at(document, pointer) === undefined)).toEqual([]);
});

test.each(NAMES)('[API-3] %s is what the schemas give: npm run api', (name) => {
  const { version } = JSON.parse(read('../../package.json'));
  const made = apiDocuments({ version, errorsSource });
  expect(Object.keys(made)).toEqual(NAMES);
  expect(readDocument(name)).toEqual(JSON.parse(JSON.stringify(made[name])));
});

test('[API-3] what a schema says is in what is made from it', () => {
  const models = (...statuses: string[]) => ({ Call: z.object({ status: z.enum(statuses) }).describe('A call.') });
  const { Call } = componentSchemas(models('ringing', 'active'), 'draft-07');
  expect(Call).toEqual({
    type: 'object',
    description: 'A call.',
    properties: { status: { type: 'string', enum: ['ringing', 'active'] } },
    required: ['status'],
  });
  expect(componentSchemas(models('ringing'), 'draft-07')).not.toEqual({ Call });
});

test('[API-3] every code has its words, and every reason for an end is there', () => {
  for (const document of [openApi, asyncApi]) {
    const { enum: codes, description } = Object(at(document, '#/components/schemas/ErrorCode'));
    expect(codes).toEqual(ERROR_CODES);
    for (const code of ERROR_CODES) expect(description).toContain(`| \`${code}\` | `);
  }
  expect(Object(at(asyncApi, '#/components/schemas/ToClient.call_ended')).properties.reason.enum).toEqual(END_REASONS);
  expect(() => errorCodeTable(errorsSource.replace(' * | `glare`', ' *'))).toThrow('table of error codes');
});

test('[API-3] every rule that the documents name is one of SPEC.md', () => {
  const spec = read('../../../../SPEC.md');
  const named = [openApi.paths, asyncApi.operations]
    .flatMap((part) => [...JSON.stringify(part).matchAll(/"x-spec":\[([^\]]*)\]/g)])
    .flatMap(([, rules = '']) => rules.replaceAll('"', '').split(','));
  expect(named.length).toBeGreaterThan(ROUTES.length);
  expect(named.filter((rule) => !spec.includes(`- **${rule}** `))).toEqual([]);
});
