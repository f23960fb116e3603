import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../failure.js';
import { fieldsOf } from './fields.js';
import type { Identity } from './rest.js';

type Stored = Record<string, Identity>;

/** Where logins are kept: `$SIGNAL_CLI_CONFIG_DIR`, else `$XDG_CONFIG_HOME/signal-cli`, else `~/.config/signal-cli`. */
export function credentialsPath(env: NodeJS.ProcessEnv = process.env): string {
  const folder = env.SIGNAL_CLI_CONFIG_DIR || join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'signal-cli');
  return join(folder, 'credentials.json');
}

/** The login kept for that server, if any. */
export async function loadLogin(url: URL, path = credentialsPath()): Promise<Identity | undefined> {
  return (await load(path))[url.href];
}

/** Keeps one login per server, readable by this person only. */
export async function saveLogin(url: URL, identity: Identity, path = credentialsPath()): Promise<void> {
  const logins = { ...(await load(path)), [url.href]: identity };
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  // Written aside and renamed: a crash leaves the old file, and an old file's wider mode is not inherited.
  const aside = `${path}.${process.pid}`;
  await writeFile(aside, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 });
  await rename(aside, path);
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
    const logins = Object.entries(fieldsOf(JSON.parse(text)));
    return Object.fromEntries(logins.filter((login): login is [string, Identity] => isLogin(login[1])));
  } catch {
    return undefined;
  }
}

function isLogin(value: unknown): value is Identity {
  const { user, token } = fieldsOf(value);
  const { id, username } = fieldsOf(user);
  return typeof token === 'string' && typeof id === 'string' && typeof username === 'string';
}
