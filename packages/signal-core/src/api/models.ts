import { z } from 'zod';

/** A JSON document, or a part of one. */
export interface JsonObject {
  [key: string]: unknown;
}

/** Schemas by the name that the document gives them. */
export type Models = Readonly<Record<string, z.ZodType>>;

/** `#/components/schemas/…` of a document. */
export function refTo(name: string): JsonObject {
  return { $ref: pathOf(name) };
}

function pathOf(name: string): string {
  return `#/components/schemas/${name}`;
}

/**
 * The JSON Schemas of what goes over the wire, each once: what others hold they refer to. Unknown keys are left open:
 * servers ignore those of clients, and clients are to ignore those of later servers.
 *
 * @param target - `draft-07` for AsyncAPI, `draft-2020-12` for OpenAPI 3.1
 */
export function componentSchemas(models: Models, target: 'draft-07' | 'draft-2020-12'): JsonObject {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(models)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    target,
    io: 'input',
    uri: pathOf,
    unrepresentable: 'any',
    override: tidy,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $id: _id, $schema: _draft, ...schema }]) => [name, schema]),
  );
}

/** Bounds that every integer of JavaScript has tell nobody anything; neither does the default of what is forgiven, or how a time is spelled. */
function tidy({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  delete jsonSchema.default;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}
