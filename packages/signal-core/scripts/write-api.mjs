// Writes docs/api from the schemas that the code has its types from.
import { readFileSync, writeFileSync } from 'node:fs';
import { apiDocuments } from '../dist/api/documents.js';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const { version } = JSON.parse(read('../package.json'));
const documents = apiDocuments({ version, errorsSource: read('../src/protocol/errors.ts') });

for (const [name, document] of Object.entries(documents)) {
  writeFileSync(new URL(`../../../docs/api/${name}`, import.meta.url), `${JSON.stringify(document, null, 2)}\n`);
}
