import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { MAX_CLIENT_BYTES, measureClient } from '../../../../scripts/client-size.mjs';

const run = promisify(execFile);
const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

it('[CLIENT-17] a page gets at most 15 KB, gzipped, and nothing of the server or of zod', async () => {
  const { gzipped, modules } = await measureClient();
  expect(gzipped).toBeLessThanOrEqual(MAX_CLIENT_BYTES);
  const foreign = modules.filter((id: string) => !/\/dist\/(client|protocol|domain)\/|\/uuid\/|^\0/.test(id));
  expect(foreign).toEqual([]);
});

it("[CLIENT-17] it compiles with a browser's types alone, and PeerCall takes a browser's RTCPeerConnection", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'client-types-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    target: 'es2023',
    lib: ['es2023', 'dom'],
    types: [],
    module: 'nodenext',
    allowImportingTsExtensions: true,
  };
  const page = `import { PeerCall, SignalingClient } from ${JSON.stringify(pathOf('../../src/client/index.ts'))};
    const client = new SignalingClient({ url: location.origin, user: { id: 'a', username: 'alice' } });
    const pc = new RTCPeerConnection(client.rtcConfiguration);
    client.on('iceServers', (iceServers) => pc.setConfiguration({ ...pc.getConfiguration(), iceServers }));
    export const placed = new PeerCall({ client, to: 'b' }, pc);
    client.on('incomingCall', (call) => void new PeerCall(call, pc).start());
    client.on('incomingCall', (call) => call.on('ended', ({ reason }) => reason === 'hangup'));
    // @ts-expect-error no such event
    client.on('incoming', () => {});`;
  await writeFile(join(folder, 'page.mts'), page);
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['page.mts'] }));
  const tsc = pathOf('../../../../node_modules/.bin/tsc');
  const { stdout } = await run(tsc, ['-p', folder]).catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
});
