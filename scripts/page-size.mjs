// What the call page makes a browser load: all of its scripts, gzipped.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** The most that they may be, in bytes. */
const MAX_PAGE_BYTES = 80 * 1024;

const folder = fileURLToPath(new URL('../packages/signal-server/dist/page/assets/', import.meta.url));
const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
const sizes = scripts.map((name) => gzipSync(readFileSync(folder + name), { level: 9 }).length);
const gzipped = sizes.reduce((sum, size) => sum + size, 0);
console.log(`the call page: ${gzipped} bytes of JavaScript gzipped of ${MAX_PAGE_BYTES}`);
if (scripts.length === 0 || gzipped > MAX_PAGE_BYTES) process.exitCode = 1;
