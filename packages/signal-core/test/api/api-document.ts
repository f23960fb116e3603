import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

export interface Document {
  [key: string]: unknown;
}

/** A document as the repository has it. */
export function readDocument(name: 'openapi.json' | 'asyncapi.json' | 'signal.postman_collection.json'): Document {
  return JSON.parse(readFileSync(new URL(`../../../../docs/api/${name}`, import.meta.url), 'utf8'));
}

/** What a JSON pointer, such as `#/components/schemas/UserRef`, leads to. */
export function at(document: Document, pointer: string): unknown {
  const steps = pointer.slice('#/'.length).split('/');
  return steps.reduce<unknown>(
    (value, step) => Object(value)[step.replaceAll('~1', '/').replaceAll('~0', '~')],
    document,
  );
}

/** Every `$ref`, wherever it is. */
export function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === '$ref' && typeof member === 'string' ? [member] : refsIn(member),
  );
}

/** Says what is wrong with a value by the schema at a pointer; nothing, when it fits. */
export type Judge = (pointer: string, value: unknown) => string[];

/** Judges by a document that is taken at its word: what a schema does not name must not be there, unless `isOpen`. */
export function judging(document: Document, draft: '2020-12' | '07', isOpen = false): Judge {
  const options = { strict: false, formats: { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) } };
  const ajv = draft === '2020-12' ? new Ajv2020(options) : new Ajv(options);
  ajv.addSchema({ $id: 'document', ...Object(isOpen ? document : strictly(document)) });
  return (pointer, value) => {
    const validate = ajv.getSchema(`document${pointer}`);
    if (validate === undefined) return [`there is no ${pointer}`];
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      return `${pointer}: ${instancePath} ${message} ${JSON.stringify(params)}`;
    });
  };
}

function strictly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strictly);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, strictly(member)]));
  return copy.type === 'object' && copy.properties !== undefined ? { ...copy, additionalProperties: false } : copy;
}
