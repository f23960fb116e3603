import type { Server } from 'node:http';
import { SignalingServer, type SignalingServerOptions } from 'signal-core';
import { onTestFinished } from 'vitest';
import { stillTalking, talk } from './call-steps.ts';
import { LegacyClient, type Transport } from './legacy-client.ts';
import { listen } from './start.ts';

/** Not attached yet; closed with the test. */
export function signalingServer(options: Partial<SignalingServerOptions> = {}): SignalingServer {
  const signaling = new SignalingServer({ auth: 'open', ...options });
  onTestFinished(() => signaling.close());
  return signaling;
}

/** Listens for the length of the test. */
export async function listening(server: Server): Promise<string> {
  const { url, stop } = await listen(server);
  onTestFinished(stop);
  return url;
}

/** Joins under an id of its own: these hosts do not mount the REST part. */
export async function join(url: string, transport: Transport, name: string, path = '/socket.io', reconnection = false) {
  const client = new LegacyClient({ url, transport, name, path, reconnection });
  onTestFinished(() => client.close());
  await client.connect();
  await client.join({ id: name, username: name });
  return client;
}

/** Two users can call each other there. */
export async function expectCall(url: string, transport: Transport, path?: string) {
  const [alice, bob] = [await join(url, transport, 'alice', path), await join(url, transport, 'bob', path)];
  await stillTalking(alice, bob, await talk(alice, bob));
  alice.close();
  bob.close();
}
