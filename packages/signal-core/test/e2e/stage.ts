import type { SignalingServerOptions } from 'signal-core';
import type { ScriptedClientOptions, Transport } from 'signal-core/testing';
import { onTestFinished } from 'vitest';
import { LegacyClient } from './legacy-client.ts';
import { start, type TestServer } from './start.ts';

type ClientOptions = Pick<ScriptedClientOptions, 'userAgent' | 'reconnection' | 'path'>;

/** A server and its clients for the length of one test. */
export interface Stage extends TestServer {
  /** `POST /api/login`: the user as the server tells it. */
  login(username: string): Promise<{ id: string; username: string }>;
  /** A connection that has not joined. */
  connect(name: string, options?: ClientOptions): Promise<LegacyClient>;
  /** One more device of the user: logged in, connected, joined. `extra` goes into `join`. */
  join(username: string, extra?: Record<string, unknown>, options?: ClientOptions): Promise<LegacyClient>;
}

export async function postJson(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

/** Adds clients to a running server; the test stops them. */
function clientsOf(url: string, transport: Transport): Pick<Stage, 'login' | 'connect' | 'join'> {
  const login = async (username: string) => {
    const response = await postJson(`${url}/api/login`, { username, password: 'secret' });
    const { user } = (await response.json()) as { user: { id: string; username: string } };
    return user;
  };
  const connect = async (name: string, options: ClientOptions = {}) => {
    const client = new LegacyClient({ url, transport, name, ...options });
    onTestFinished(() => client.close());
    return client.connect();
  };
  const join = async (username: string, extra: Record<string, unknown> = {}, options: ClientOptions = {}) => {
    const user = await login(username);
    const client = await connect(username, options);
    await client.join({ ...user, ...extra });
    return client;
  };
  return { login, connect, join };
}

/** Starts a server for one test. */
export async function stage(transport: Transport, options: Partial<SignalingServerOptions> = {}): Promise<Stage> {
  const server = await start(options);
  onTestFinished(() => server.close());
  return { ...server, ...clientsOf(server.url, transport) };
}
