import type { KnownUser, UserRef } from 'signal-core/protocol';
import { Failure } from '../failure.js';
import { fieldsOf } from './fields.js';

/** Who acts, and what proves it. */
export interface Identity {
  user: UserRef;
  token: string;
}

export interface Target {
  url: URL;
  token?: string | undefined;
  /** Who is to act, for what to do next. */
  user?: string | undefined;
  timeoutMs: number;
}

const LOGIN = 'api/login';

/** `POST /api/login`. */
export async function login(target: Target, username: string, password: string): Promise<Identity> {
  const body = JSON.stringify({ username, password });
  const answer = await request(target, LOGIN, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  const { user, token } = fieldsOf(answer);
  const { id, username: name } = fieldsOf(user);
  if (typeof id !== 'string' || typeof name !== 'string' || typeof token !== 'string') throw foreign(target);
  return { user: { id, username: name }, token };
}

/** `GET /api/users`, or `GET /api/online-users`. */
export async function listUsers(target: Target, onlineOnly = false): Promise<KnownUser[]> {
  const answer = await request(target, onlineOnly ? 'api/online-users' : 'api/users', {});
  if (!Array.isArray(answer)) throw foreign(target);
  return answer.map((item) => {
    const { id, username, isOnline, lastSeen } = fieldsOf(item);
    if (typeof id !== 'string' || typeof username !== 'string') throw foreign(target);
    return { id, username, isOnline: isOnline === true, ...(typeof lastSeen === 'string' && { lastSeen }) };
  });
}

async function request(target: Target, path: string, init: RequestInit): Promise<unknown> {
  const headers = new Headers(init.headers);
  if (target.token !== undefined) headers.set('authorization', `Bearer ${target.token}`);
  let response: Response;
  let text: string;
  try {
    const signal = AbortSignal.timeout(target.timeoutMs);
    response = await fetch(endpoint(target.url, path), { ...init, headers, signal });
    text = await response.text();
  } catch (error) {
    throw unreachable(target.url, error);
  }
  if (response.ok) return parse(text) ?? Promise.reject(foreign(target));
  const { error: reason } = fieldsOf(parse(text));
  const said = typeof reason === 'string' ? reason : `HTTP ${response.status}`;
  if (response.status === 400) throw new Failure('usage', `${target.url.origin} refused the request: ${said}`);
  if (response.status === 401 && target.token === undefined && path !== LOGIN) throw nobody(target);
  if (response.status === 401 || response.status === 403) throw refused(target.url, said);
  if (response.status === 404 && path === LOGIN) {
    throw new Failure(
      'unauthorized',
      `${target.url.origin} has no password login; show a token, with --token-file FILE or SIGNAL_CLI_TOKEN`,
    );
  }
  if (response.status === 429) throw tooOften(target.url, response.headers.get('retry-after'));
  if (response.status === 404) throw foreign(target);
  throw new Failure('failed', `${target.url.origin} could not answer ${path}: ${said}`);
}

/** Nothing answers at that address, or not in time. */
export function unreachable(url: URL, cause: unknown): Failure {
  const message = `cannot reach ${url.origin} (${reasonOf(cause)}); is the server up, and --url right?`;
  return new Failure('unreachable', message, { cause });
}

/** The server does not let this user in. */
export function refused(url: URL, reason: string): Failure {
  return new Failure(
    'unauthorized',
    `${url.origin} refused the login: ${reason}; log in again with: signal-cli login NAME (or show another token)`,
  );
}

/** The server is not in open mode, and nothing was shown to it. */
function nobody({ url, user = 'NAME' }: Target): Failure {
  return new Failure(
    'unauthorized',
    `${url.origin} asks who you are; log in first: signal-cli login ${user}, or show a token, with --token-file FILE or SIGNAL_CLI_TOKEN`,
  );
}

function tooOften(url: URL, retryAfter: string | null): Failure {
  const when = retryAfter === null ? 'later' : `in ${retryAfter} s`;
  return new Failure('unauthorized', `${url.origin} refused the login: too many attempts; try again ${when}`);
}

function foreign(target: Target): Failure {
  return new Failure('unreachable', `${target.url.href} answers, but not as a signaling server; is --url right?`);
}

/** The address of something under that of the server. */
export function endpoint(url: URL, path: string): URL {
  return new URL(path, url.href.endsWith('/') ? url : `${url.href}/`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.name === 'TimeoutError') return 'no answer in time';
  // fetch says "fetch failed" and hides the reason in the cause of the cause; with several addresses it is an aggregate.
  const inner = cause.cause ?? cause;
  if (inner instanceof AggregateError && inner.errors[0] instanceof Error) return reasonOf(inner.errors[0]);
  if (!(inner instanceof Error)) return cause.message;
  return 'code' in inner && typeof inner.code === 'string' ? inner.code : inner.message;
}
