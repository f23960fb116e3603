import { userIdOf } from 'signal-core/protocol';
import type { ScriptedClientOptions, Transport } from 'signal-core/testing';
import { onTestFinished } from 'vitest';
import { AUTH_MODE, mint } from './auth-mode.ts';
import { LegacyClient } from './legacy-client.ts';
import { type StartedServer, start, type TestServer } from './start.ts';

type ClientOptions = Pick<ScriptedClientOptions, 'userAgent' | 'reconnection' | 'path' | 'auth' | 'headers'>;

interface Login {
  user: { id: string; username: string };
  token: string;
}

/** A server and its clients for the length of one test. */
export interface Stage extends TestServer {
  /** `POST /api/login`: the user as the server tells it; in `token`, as its issuer would. */
  login(username: string): Promise<{ id: string; username: string }>;
  /** The token of a login. */
  tokenOf(username: string): Promise<string>;
  /** `GET`, with the token of somebody where one is needed. */
  get(path: string, username?: string): Promise<Response>;
  /** A connection that has not joined; it shows the token of whom it is named after, up to a comma. */
  connect(name: string, options?: ClientOptions): Promise<LegacyClient>;
  /** One more device of the user: logged in, connected, joined. `extra` goes into `join`. */
  join(username: string, extra?: Record<string, unknown>, options?: ClientOptions): Promise<LegacyClient>;
}

export async function postJson(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

/** Adds clients to a running server; the test stops them. */
function clientsOf(server: StartedServer, transport: Transport): Omit<Stage, keyof TestServer> {
  const { url } = server;
  const logIn = async (username: string): Promise<Login> => {
    if (AUTH_MODE === 'token') return { user: { id: userIdOf(username), username }, token: await mint(username) };
    const response = await postJson(`${url}/api/login`, { username, password: 'secret' });
    return (await response.json()) as Login;
  };
  const login = async (username: string) => (await logIn(username)).user;
  const tokenOf = async (username: string) => (await logIn(username)).token;
  const get = async (path: string, username = 'watcher') =>
    fetch(`${url}${path}`, {
      headers: AUTH_MODE === 'open' ? {} : { authorization: `Bearer ${await tokenOf(username)}` },
    });
  const connect = async (name: string, options: ClientOptions = {}) => {
    const [holder = name] = name.split(',');
    const credentials = AUTH_MODE === 'open' ? {} : { auth: { token: await tokenOf(holder) } };
    const { headers, ...parts } = server.client?.() ?? {};
    const all = { ...credentials, ...parts, ...options, headers: { ...headers, ...options.headers } };
    const client = new LegacyClient({ url, transport, name, ...all });
    onTestFinished(() => client.close());
    return client.connect();
  };
  const join = async (username: string, extra: Record<string, unknown> = {}, options: ClientOptions = {}) => {
    const user = await login(username);
    const client = await connect(username, options);
    await client.join({ ...user, ...extra });
    return client;
  };
  return { login, tokenOf, get, connect, join };
}

/** Starts a server for one test. */
export async function stage(transport: Transport, options: Parameters<typeof start>[0] = {}): Promise<Stage> {
  const server = await start(options);
  onTestFinished(() => server.close());
  return { ...server, ...clientsOf(server, transport) };
}
