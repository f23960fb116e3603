import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { ask, askSecretly } from '../prompt.js';
import { credentialsPath, saveLogin } from '../session/credentials.js';
import { refuseProjectServer } from '../session/own-token.js';
import { login as logIn } from '../session/rest.js';
import { STEP_TIMEOUT_MS } from '../settings.js';
import type { Context } from './context.js';

export interface LoginOptions {
  passwordStdin?: true;
  passwordFile?: string;
}

/** Logs in and keeps the token for that server. */
export async function login(context: Context, name: string | undefined, options: LoginOptions): Promise<number> {
  const { settings, output, signal } = context;
  refuseProjectServer(settings, 'to log in there');
  const canAsk = settings.input && process.stdin.isTTY;
  const username = name ?? settings.user ?? (await askName(canAsk, signal));
  const password = await passwordFrom(options, canAsk, signal);
  const target = { url: settings.url, timeoutMs: settings.timeout ?? STEP_TIMEOUT_MS };
  const identity = await logIn(target, username, password);
  await saveLogin(settings.url, identity);
  const path = credentialsPath();
  output.show(
    { type: 'result', ok: true, exitCode: EXIT.ok, url: settings.url.href, user: identity.user, storedIn: path },
    `logged in to ${settings.url.origin} as ${identity.user.username} (${identity.user.id}), kept in ${path}`,
    'green',
  );
  return EXIT.ok;
}

async function askName(canAsk: boolean, signal: AbortSignal): Promise<string> {
  if (!canAsk) throw new Failure('usage', 'whose login? say it: signal-cli login NAME');
  return ask(process.stdin, process.stderr, 'Username: ', signal);
}

async function passwordFrom(options: LoginOptions, canAsk: boolean, signal: AbortSignal): Promise<string> {
  const password = await readPassword(options, canAsk, signal);
  if (password === '') throw new Failure('usage', 'the password is empty');
  return password;
}

async function readPassword(
  { passwordStdin, passwordFile }: LoginOptions,
  canAsk: boolean,
  signal: AbortSignal,
): Promise<string> {
  if (passwordStdin) return firstLine(await text(process.stdin));
  if (passwordFile !== undefined) return firstLine(await contentOf(passwordFile));
  if (canAsk) return askSecretly(process.stdin, process.stderr, 'Password: ', signal);
  const why = process.stdin.isTTY ? '--no-input asks for no password' : 'no terminal to ask for the password';
  throw new Failure('usage', `${why}: use --password-stdin or --password-file FILE`);
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure('usage', `cannot read the password file: ${error instanceof Error ? error.message : error}`);
  }
}

function firstLine(content: string): string {
  return content.split(/\r?\n/, 1)[0] ?? '';
}
