// Writes summary.schema.json, which the package ships, from the schema that the code checks a summary with.
import { writeFileSync } from 'node:fs';
import { summaryJsonSchema } from '../dist/load/outputs/summary-json-schema.js';

writeFileSync(new URL('../summary.schema.json', import.meta.url), `${JSON.stringify(summaryJsonSchema(), null, 2)}\n`);
