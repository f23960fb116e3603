import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { ask, askSecretly } from '../../src/prompt.js';

function terminal() {
  const [input, screen] = [new PassThrough(), new PassThrough()];
  let shown = '';
  screen.on('data', (chunk) => {
    shown += chunk;
  });
  return { input, screen, shown: () => shown };
}
const never = new AbortController().signal;

it('[CLI-5] a password that is typed does not appear', async () => {
  const { input, screen, shown } = terminal();
  const answer = askSecretly(input, screen, 'Password: ', never);
  for (const key of 's3cret') input.write(key);
  input.write('\r');
  expect(await answer).toBe('s3cret');
  expect(shown()).toBe('Password: \n');
});

it('[CLI-5] a password that is pasted whole, newline included, does not appear', async () => {
  const { input, screen, shown } = terminal();
  const answer = askSecretly(input, screen, 'Password: ', never);
  input.write('correct horse\n');
  expect(await answer).toBe('correct horse');
  expect(shown()).not.toContain('horse');
});

it('[CLI-5] a name that is typed does appear', async () => {
  const { input, screen, shown } = terminal();
  const answer = ask(input, screen, 'Username: ', never);
  input.write('alice\r');
  expect(await answer).toBe('alice');
  expect(shown()).toContain('alice');
});

it.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('[CLI-10] %s at the prompt stops with 130', async (_name, key) => {
  const { input, screen } = terminal();
  const answer = askSecretly(input, screen, 'Password: ', never);
  input.write(`half${key === '\u0004' ? '\u0015' : ''}`);
  input.write(key);
  await expect(answer).rejects.toMatchObject({ exit: 'interrupted', exitCode: 130 });
});
