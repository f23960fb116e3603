// Builds the packages after `npm install`, so that `npx signal-server` works on a fresh clone, with its page.
// Without the compilers (`npm ci --omit=dev`) there is nothing to do.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
let compiler;
let bundler;
try {
  compiler = require.resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc');
  bundler = require.resolve('vite/package.json').replace(/package\.json$/, 'bin/vite.js');
} catch {
  process.exit(0);
}
const steps = [
  [compiler, '-b'],
  [bundler, 'build', 'packages/signal-server/page', '--logLevel', 'warn'],
];
for (const step of steps) {
  const { status } = spawnSync(process.execPath, step, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
