import { SignalingServer, type SignalingServerOptions } from 'signal-core';
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
  /** The server dies, as if killed, and another one, which knows nothing, is there in its place. */
  crash(...guests: Guest[]): Promise<void>;
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
  const first = await startTestServer(options);
  let signaling = first.signaling;
  const crash = async (...guests: Guest[]) => {
    // nobody hears what it still says
    for (const { proxy } of guests) proxy.freeze();
    await signaling.close();
    signaling = new SignalingServer({ auth: 'open', ...options });
    signaling.attach(first.server);
    for (const { proxy } of guests) {
      proxy.cut();
      proxy.thaw();
    }
  };
  onTestFinished(async () => {
    await signaling.close();
    await first.close();
  });
  return { ...first, crash, ...guestsOf(first.url) };
}
