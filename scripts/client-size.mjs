// What signal-core/client costs a page, apart from socket.io-client: bundled, minified, gzipped.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

/** The most that it may cost, in bytes. */
export const MAX_CLIENT_BYTES = 15 * 1024;

const entry = fileURLToPath(new URL('../packages/signal-core/dist/client/index.js', import.meta.url));

/** @returns bytes gzipped and not, and the modules that are in it */
export async function measureClient() {
  const bundle = await rolldown({ input: entry, platform: 'browser', external: ['socket.io-client'] });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  const chunks = output.filter((part) => part.type === 'chunk');
  const code = chunks.map((chunk) => chunk.code).join('');
  return {
    gzipped: gzipSync(code, { level: 9 }).length,
    minified: Buffer.byteLength(code),
    modules: chunks.flatMap((chunk) => chunk.moduleIds),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { gzipped, minified } = await measureClient();
  console.log(`signal-core/client: ${gzipped} bytes gzipped of ${MAX_CLIENT_BYTES}, ${minified} minified`);
  if (gzipped > MAX_CLIENT_BYTES) process.exitCode = 1;
}
