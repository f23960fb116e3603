import { asyncApi } from './async-api.js';
import { errorCodeTable } from './code-words.js';
import type { JsonObject } from './models.js';
import { openApi } from './open-api.js';
import { postmanCollection } from './postman.js';

/**
 * The documents of the API, by file name.
 *
 * @param errorsSource - text of `protocol/errors.ts`, for the words about each code
 */
export function apiDocuments({
  version,
  errorsSource,
}: {
  version: string;
  errorsSource: string;
}): Record<string, JsonObject> {
  const codes = errorCodeTable(errorsSource);
  return {
    'openapi.json': openApi({ version, codes }),
    'asyncapi.json': asyncApi({ version, codes }),
    'signal.postman_collection.json': postmanCollection(),
  };
}
