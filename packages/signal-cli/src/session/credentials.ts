import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configFolder } from '../config/config-folder.js';
import { writePrivate } from '../config/write-private.js';
import { Failure } from '../failure.js';
import { fieldsOf } from './fields.js';
import type { Identity } from './rest.js';

/** The logins at one server: the last one, which counts when nobody is named, and those of others before. */
interface ServerLogins extends Identity {
  others?: Identity[];
}

type Stored = Record<string, ServerLogins>;

/** Where logins are kept. */
export function credentialsPath(env: NodeJS.ProcessEnv = process.env): string {
  return join(configFolder(env), 'credentials.json');
}

/** The login kept for that server: of that user, or the last one. */
export async function loadLogin(url: URL, username?: string, path = credentialsPath()): Promise<Identity | undefined> {
  const logins = loginsAt(await load(path), url);
  return username === undefined ? logins[0] : logins.find(({ user }) => user.username === username);
}

/** Keeps one login per server and user, readable by this person only. */
export async function saveLogin(url: URL, identity: Identity, path = credentialsPath()): Promise<void> {
  const stored = await load(path);
  await keep(stored, url, [identity, ...loginsAt(stored, url).filter(isNot(identity.user.username))], path);
}

/**
 * Forgets the login of that user at that server, or all there when nobody is named.
 *
 * @returns those forgotten
 */
export async function forgetLogin(url: URL, username?: string, path = credentialsPath()): Promise<Identity[]> {
  const stored = await load(path);
  const logins = loginsAt(stored, url);
  const kept = username === undefined ? [] : logins.filter(isNot(username));
  if (kept.length < logins.length) await keep(stored, url, kept, path);
  return logins.filter((login) => !kept.includes(login));
}

function isNot(username: string): (login: Identity) => boolean {
  return ({ user }) => user.username !== username;
}

function loginsAt(stored: Stored, url: URL): Identity[] {
  const { others = [], ...last } = stored[url.href] ?? {};
  return isLogin(last) ? [last, ...others] : [];
}

async function keep(stored: Stored, url: URL, [last, ...others]: Identity[], path: string): Promise<void> {
  const { [url.href]: _former, ...elsewhere } = stored;
  const here = last && { ...last, ...(others.length > 0 && { others }) };
  await writePrivate(path, { ...elsewhere, ...(here && { [url.href]: here }) });
}

async function load(path: string): Promise<Stored> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new Failure('internal', `cannot read ${path}: ${error instanceof Error ? error.message : error}`);
  }
  const logins = parseLogins(text);
  if (!logins) throw new Failure('internal', `${path} is damaged; delete it and log in again`);
  return logins;
}

function parseLogins(text: string): Stored | undefined {
  try {
    const entries = Object.entries(fieldsOf(JSON.parse(text))).flatMap(([href, value]): [string, ServerLogins][] => {
      if (!isLogin(value)) return [];
      const { user, token } = value;
      const { others } = fieldsOf(value);
      return [[href, { user, token, ...(Array.isArray(others) && { others: others.filter(isLogin) }) }]];
    });
    return Object.fromEntries(entries);
  } catch {
    return undefined;
  }
}

function isLogin(value: unknown): value is Identity {
  const { user, token } = fieldsOf(value);
  const { id, username } = fieldsOf(user);
  return typeof token === 'string' && typeof id === 'string' && typeof username === 'string';
}
