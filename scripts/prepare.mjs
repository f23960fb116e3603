// Builds the packages after `npm install`, so that `npx signal-server` works on a fresh clone.
// Without the compiler (`npm ci --omit=dev`) there is nothing to do.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
let compiler;
try {
  compiler = require.resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc');
} catch {
  process.exit(0);
}
process.exit(spawnSync(process.execPath, [compiler, '-b'], { stdio: 'inherit' }).status ?? 1);
