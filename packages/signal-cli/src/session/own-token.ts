import { readFile } from 'node:fs/promises';
import { Failure } from '../failure.js';
import type { Settings } from '../settings.js';
import { fieldsOf } from './fields.js';
import type { Identity } from './rest.js';

/**
 * The token that was brought along, in `--token-file` or `SIGNAL_CLI_TOKEN`, and whose it is. It is this user's own:
 * what it says is believed, and the server verifies it.
 *
 * @returns `undefined` when there is none
 * @throws Failure when the file cannot be read, or nobody could tell whose the token is
 * @see SPEC.md, rule CLI-20
 */
export async function ownToken(
  settings: Pick<Settings, 'tokenFile' | 'user' | 'url' | 'sources'>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Identity | undefined> {
  const { tokenFile, user } = settings;
  const token = tokenFile === undefined ? env.SIGNAL_CLI_TOKEN?.trim() : await contentOf(tokenFile);
  if (token === undefined || (token === '' && tokenFile === undefined)) return undefined;
  const from = tokenFile === undefined ? 'SIGNAL_CLI_TOKEN' : '--token-file';
  refuseProjectServer(settings, `to show ${from} there`);
  const { sub, name } = claimsOf(token);
  if (typeof sub !== 'string' || sub === '') {
    throw new Failure('usage', `${from} holds no JWT with a "sub": nobody could tell whose it is`);
  }
  const identity = { user: { id: sub, username: typeof name === 'string' && name !== '' ? name : sub }, token };
  if (user !== undefined && user !== identity.user.username && user !== sub) {
    throw new Failure('usage', `${from} is the token of ${identity.user.username}: leave out --user ${user}`);
  }
  return identity;
}

/**
 * A project file comes with a checked-out repository: it may choose a server, and not who is told a secret.
 *
 * @throws Failure `usage` when nobody but such a file named the server
 * @see SPEC.md, rule CLI-22
 */
export function refuseProjectServer({ url, sources }: Pick<Settings, 'url' | 'sources'>, purpose: string): void {
  if (sources.url.kind !== 'project') return;
  throw new Failure('usage', `${sources.url.name} names the server; ${purpose}, name it yourself: --url ${url.href}`);
}

async function contentOf(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new Failure('usage', `cannot read the token file: ${error instanceof Error ? error.message : error}`);
  }
}

/** The claims of a JWT (RFC 7519, section 3), unverified; none when it is no JWT. */
export function claimsOf(token: string): Record<string, unknown> {
  const [, payload = '', ...rest] = token.split('.');
  if (rest.length !== 1) return {};
  try {
    return fieldsOf(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  } catch {
    return {};
  }
}
