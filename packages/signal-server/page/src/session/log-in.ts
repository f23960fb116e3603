import type { UserRef } from 'signal-core/client';

/** Says why somebody could not log in, in words for that person. */
export class LoginError extends Error {}

/**
 * `POST /api/login`; in `open` mode any password will do.
 *
 * @throws LoginError
 */
export async function logIn(username: string): Promise<UserRef> {
  const response = await fetch('/api/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: 'open' }),
  }).catch(() => undefined);
  if (response === undefined) throw new LoginError('The server does not answer. Is it running?');
  const body: unknown = await response.json().catch(() => undefined);
  const { user, error } = Object(body) as { user?: UserRef; error?: string };
  if (response.ok && user !== undefined) return { id: user.id, username: user.username };
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after')) || 60;
    throw new LoginError(`Too many tries. Again in ${seconds} s.`);
  }
  throw new LoginError(error ?? `The server answered ${response.status}.`);
}
