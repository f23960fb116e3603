import type { AuthOptions, Identity, PasswordAuth } from 'signal-core';
import { startTestServer, type TestServer, type TestServerOptions } from 'signal-core/testing';
import { onTestFinished } from 'vitest';

/** Tokens of a host that is easily pleased: `<scope>/<name>`. */
export const verifyToken = (token: string): Identity | null => {
  const [scope, id] = token.split('/');
  return scope === undefined || !id ? null : { id, username: id, scope };
};

/** A directory with two users in it; every password is the name, turned round. */
export const passwords: PasswordAuth['passwords'] = {
  secret: 'a secret of 32 bytes, or some more than that',
  check: (username, password) =>
    ['alice', 'bob'].includes(username) && password === [...username].reverse().join('')
      ? { id: `id-of-${username}`, username }
      : null,
};

export const CLOSED: [title: string, auth: AuthOptions][] = [
  ['token', { verifyToken }],
  ['passwords', { passwords }],
];

/** A server for the length of the test. */
export async function serving(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startTestServer(options);
  onTestFinished(() => server.close());
  return server;
}

export const bearing = (token: string, headers: Record<string, string> = {}) => ({
  headers: { authorization: `Bearer ${token}`, ...headers },
});

/** Logs in; `address` is what a trusted proxy says. */
export function login(url: string, username: string, password: string, address?: string): Promise<Response> {
  return fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(address !== undefined && { 'x-forwarded-for': address }) },
    body: JSON.stringify({ username, password }),
  });
}

/** As a peer of another machine would come: over a proxy. */
export const FROM_AFAR = { 'x-forwarded-for': '203.0.113.9' };
