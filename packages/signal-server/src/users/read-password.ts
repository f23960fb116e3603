import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { UsageError } from '../usage-error.js';
import { passwordFault } from './password-hash.js';

/** Where a new password comes from; the terminal otherwise. */
export interface PasswordSource {
  passwordStdin?: true;
  passwordFile?: string;
}

/**
 * Reads a new password. Of what a pipe or a file holds, a line end at its end is no part of it.
 *
 * @throws UsageError when there is none, or it will not do
 */
export async function readNewPassword(source: PasswordSource): Promise<string> {
  const password = await readFrom(source);
  const fault = passwordFault(password);
  if (fault !== undefined) throw new UsageError(`${fault}; nothing was changed`);
  return password;
}

async function readFrom({ passwordStdin, passwordFile }: PasswordSource): Promise<string> {
  if (passwordStdin) return withoutLineEnd(await text(process.stdin));
  if (passwordFile !== undefined) return withoutLineEnd(await contentOf(passwordFile));
  if (process.stdin.isTTY) return askTwice();
  throw new UsageError('no terminal to ask for the password: use --password-stdin or --password-file FILE');
}

function withoutLineEnd(content: string): string {
  return content.replace(/\r?\n$/, '');
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--password-file ${path}: cannot be read (${Object(error).code})`, { cause: error });
  }
}

async function askTwice(): Promise<string> {
  const password = await askSecretly('New password: ');
  const fault = passwordFault(password);
  if (fault !== undefined) return password;
  if ((await askSecretly('The same again: ')) !== password) {
    throw new UsageError('the two passwords differ; nothing was changed');
  }
  return password;
}

/** Asks for one line that does not appear on the screen. */
async function askSecretly(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  // now, and not before, what is typed no longer appears
  process.stderr.write(question);
  const cancel = new AbortController();
  // in raw mode Ctrl-C is a key, and Ctrl-D closes the input: neither becomes a signal
  reader.once('SIGINT', () => cancel.abort());
  reader.once('close', () => cancel.abort());
  try {
    return await reader.question('', { signal: cancel.signal });
  } catch (cause) {
    throw new UsageError('no password was entered; nothing was changed', { cause });
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}
