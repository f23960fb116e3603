import { createServer, type RequestListener } from 'node:http';
import { type Listening, listenOnLoopback } from 'signal-core/testing';

/** Something that listens and is no signaling server, or half of one. */
export function startForeignServer(listener: RequestListener): Promise<Listening> {
  return listenOnLoopback(createServer(listener));
}

/** An address at which nobody listens: a port that was free a moment ago. */
export async function deadUrl(): Promise<string> {
  const { url, stop } = await startForeignServer(() => {});
  await stop();
  return url;
}
