import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { stage } from './stage.ts';

/** Two clients that call each other and close, in a process that nothing else keeps alive. */
const SCRIPT = `
  const [url, entry] = process.argv.slice(-2);
  const { SignalingClient } = await import(entry);
  const join = async (id) => {
    const client = new SignalingClient({ url, user: { id, username: id } });
    await client.connect();
    return client;
  };
  const [alice, bob] = [await join('a'), await join('b')];
  const offer = { type: 'offer', sdp: 'v=0' };
  const rung = new Promise((resolve) => bob.on('incomingCall', resolve));
  const call = await alice.call('b', { offer, callType: 'audio' });
  await (await rung).accept({ type: 'answer', sdp: 'v=0' });
  call.sendCandidate({ candidate: 'candidate:1 1 udp 1 192.0.2.1 1 typ host', sdpMid: '0', sdpMLineIndex: 0 });
  await alice.close();
  await bob.close();
  console.log(alice.state, bob.state);
`;

it('[CLIENT-2] after close() no timer, socket or listener keeps a process alive', async () => {
  const { url } = await stage();
  const entry = new URL('../../dist/client/index.js', import.meta.url).href;
  const args = ['--input-type=module', '-e', SCRIPT, '--', url, entry];
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  // it must end by itself, long before an acknowledgement would time out
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, timeout: 10_000 });
  expect(stdout).toBe('closed closed\n');
});
