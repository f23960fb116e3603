import type { SignalingServerOptions } from 'signal-core';
import { SignalingClient, type SignalingClientOptions, type Traffic } from 'signal-core/client';
import { userIdOf } from 'signal-core/protocol';
import { startTestServer, TcpProxy, type TestServer } from 'signal-core/testing';
import { onTestFinished } from 'vitest';

/** A client behind a network of its own. */
export interface Guest {
  client: SignalingClient;
  id: string;
  proxy: TcpProxy;
  /** Everything on its wire, in order. */
  wire: Traffic[];
}

export interface Stage extends TestServer {
  /** A client that has not connected. */
  guest(username: string, options?: Partial<SignalingClientOptions>): Promise<Guest>;
  /** A client that has joined. */
  join(username: string, options?: Partial<SignalingClientOptions>): Promise<Guest>;
}

/** Clients of one server; the test stops them. */
export function guestsOf(url: string): Pick<Stage, 'guest' | 'join'> {
  const guest = async (username: string, options: Partial<SignalingClientOptions> = {}): Promise<Guest> => {
    const proxy = await TcpProxy.before(url);
    const wire: Traffic[] = [];
    const user = { id: userIdOf(username), username };
    const onTraffic = (traffic: Traffic) => wire.push(traffic);
    const client = new SignalingClient({ url: proxy.url, user, transports: ['websocket'], onTraffic, ...options });
    onTestFinished(async () => {
      proxy.thaw();
      await client.close();
      await proxy.close();
    });
    return { client, id: user.id, proxy, wire };
  };
  const join = async (username: string, options: Partial<SignalingClientOptions> = {}) => {
    const joined = await guest(username, options);
    await joined.client.connect();
    return joined;
  };
  return { guest, join };
}

/** A server for the length of one test. */
export async function stage(options: Partial<SignalingServerOptions> = {}): Promise<Stage> {
  const server = await startTestServer(options);
  onTestFinished(() => server.close());
  return { ...server, ...guestsOf(server.url) };
}
