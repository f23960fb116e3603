import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Failure } from './failure.js';

type Input = NodeJS.ReadableStream;
type Screen = NodeJS.WritableStream;

/** Asks for one line. */
export async function ask(input: Input, screen: Screen, question: string, signal: AbortSignal): Promise<string> {
  return readLine(input, screen, question, signal);
}

/** Asks for one line that does not appear on the screen. */
export async function askSecretly(
  input: Input,
  screen: Screen,
  question: string,
  signal: AbortSignal,
): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await readLine(input, nowhere, '', signal, () => screen.write(question));
  } finally {
    screen.write('\n');
  }
}

async function readLine(
  input: Input,
  screen: Screen,
  question: string,
  signal: AbortSignal,
  onRaw: () => void = () => {},
): Promise<string> {
  const reader = createInterface({ input, output: screen, terminal: true });
  // what is typed before the terminal is in raw mode appears
  onRaw();
  const cancel = new AbortController();
  // On a terminal in raw mode Ctrl-C is a key, and Ctrl-D closes the input: neither becomes a signal.
  reader.once('SIGINT', () => cancel.abort());
  reader.once('close', () => cancel.abort());
  try {
    return await reader.question(question, { signal: AbortSignal.any([signal, cancel.signal]) });
  } catch (cause) {
    throw new Failure('interrupted', 'nothing was entered', { cause });
  } finally {
    reader.close();
  }
}
