import { expect, test } from 'vitest';
import { Mailbox } from '../../src/gateway/mailbox.ts';

const KIB = 1024;

/** A mailbox with messages in it. */
function holding(messages: Iterable<string>): Mailbox {
  const mailbox = new Mailbox();
  for (const message of messages) mailbox.push(message);
  return mailbox;
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `message ${index}`);

test('[LOSS-4] messages are handed out in order, once', () => {
  const mailbox = holding(['a', 'b', 'c']);
  expect(mailbox.take()).toEqual(['a', 'b', 'c']);
  expect(mailbox.take()).toEqual([]);
  mailbox.push('d');
  expect(mailbox.take()).toEqual(['d']);
});

test('[LOSS-4] 256 messages are kept, the oldest go first', () => {
  expect(holding(numbered(256)).take()).toEqual(numbered(256));
  expect(holding(numbered(300)).take()).toEqual(numbered(300).slice(44));
});

test('[LOSS-4] 256 KiB are kept, the oldest go first', () => {
  const large = (name: string) => name.repeat(64 * KIB);
  expect(holding(['a', 'b', 'c', 'd'].map(large)).take()).toHaveLength(4);
  const more = holding(['a', 'b', 'c', 'd', 'e'].map(large)).take();
  expect(more.map((message) => message[0])).toEqual(['b', 'c', 'd', 'e']);
  const small = holding([...['a', 'b', 'c', 'd'].map(large), '!']).take();
  expect(small.map((message) => message[0])).toEqual(['b', 'c', 'd', '!']);
});

test('[LOSS-4] a message that is too large for all of it empties it, and harms nothing', () => {
  const mailbox = holding(['a', 'x'.repeat(256 * KIB + 1)]);
  expect(mailbox.take()).toEqual([]);
  mailbox.push('b');
  expect(mailbox.take()).toEqual(['b']);
});

test('[LOSS-4] there is room for as much again after it was emptied', () => {
  const mailbox = holding(['x'.repeat(200 * KIB)]);
  mailbox.take();
  mailbox.push('y'.repeat(200 * KIB));
  expect(mailbox.take()).toHaveLength(1);
});
