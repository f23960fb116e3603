import { createServer, type RequestListener, type Server } from 'node:http';
import type { SignalingServerOptions } from '../options.js';
import type { Parts } from '../parts.js';
import { SignalingServer } from '../signaling-server.js';
import { listenOnLoopback } from './listen-on-loopback.js';

/** Options of the {@link SignalingServer}, its {@link Parts}, and what is around it. */
export interface TestServerOptions extends Partial<SignalingServerOptions>, Parts {
  /**
   * Makes what answers requests, such as an Express app with `signaling.router()` in it.
   *
   * @default the REST routes and nothing else
   */
  host?: (signaling: SignalingServer) => RequestListener;
}

export interface TestServer {
  url: string;
  server: Server;
  signaling: SignalingServer;
  /** Ends every connection, and the server. Idempotent. */
  close(): Promise<void>;
}

/**
 * A real server on a free port of 127.0.0.1, `auth: 'open'` unless told otherwise.
 *
 * @example
 * const clock = new FakeClock();
 * const { url, signaling, close } = await startTestServer({ clock, ringTimeoutMs: 20_000 });
 */
export async function startTestServer({
  clock,
  stores,
  host = (signaling) => signaling.handler(),
  ...options
}: TestServerOptions = {}): Promise<TestServer> {
  const signaling = new SignalingServer(
    { auth: 'open', ...options },
    { ...(clock !== undefined && { clock }), ...(stores !== undefined && { stores }) },
  );
  const server = createServer(host(signaling));
  signaling.attach(server);
  const { url, stop } = await listenOnLoopback(server);
  const close = async () => {
    await signaling.close();
    await stop();
  };
  return { url, server, signaling, close };
}
