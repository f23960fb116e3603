import { ERROR_CODES } from 'signal-core/client';
import { END_REASONS } from 'signal-core/protocol';
import { describe, expect, test } from 'vitest';
import { deviceWords, faultOf } from '../../page/src/state/device-words.ts';
import { endWords, type Reason } from '../../page/src/state/end-words.ts';

describe('why a call ended', () => {
  test.each([...END_REASONS, ...ERROR_CODES, 'closed' as const])('[PAGE-6] %s has words of its own', (reason) => {
    const unknown = endWords('made_up' as Reason, { peer: 'Bob', isMine: false });
    for (const isMine of [true, false]) {
      const words = endWords(reason, { peer: 'Bob', isMine });
      expect(words).toMatch(/^\S.+\S$/);
      expect(words).not.toContain('_');
      if (reason !== 'internal') expect(words).not.toBe(unknown);
    }
  });

  test('[PAGE-6] it says who did it, where somebody did', () => {
    const both = (reason: Reason) => [true, false].map((isMine) => endWords(reason, { peer: 'Bob', isMine }));
    expect(both('hangup')).toEqual(['you hung up', 'Bob hung up']);
    expect(both('cancelled')).toEqual(['you cancelled', 'Bob cancelled']);
    expect(both('declined')).toEqual(['you declined', 'Bob declined']);
  });

  test('[PAGE-6] a reason that a newer server made up has words, too', () => {
    for (const reason of ['made_up', 'toString', '__proto__']) {
      expect(endWords(reason as Reason, { peer: 'Bob', isMine: false })).toBe('something failed');
    }
  });
});

test.each([
  ['NotAllowedError', 'The camera is blocked.'],
  ['NotFoundError', 'No camera was found.'],
  ['NotReadableError', 'The camera is in use'],
  ['TypeError', 'The camera does not start.'],
])('[PAGE-7] a camera that fails with %s is said in words', (name, words) => {
  expect(deviceWords({ device: 'camera', fault: faultOf(name) })).toContain(words);
});

test('[PAGE-7] so is a page of plain HTTP, and a microphone that is pulled out', () => {
  expect(deviceWords({ device: 'microphone', fault: 'insecure' })).toContain('over HTTPS, or at localhost');
  expect(deviceWords({ device: 'microphone', fault: 'unplugged' })).toBe('The microphone is gone.');
});
