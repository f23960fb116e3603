import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textFrame } from '../../src/gateway/text-frame.ts';
import { scaled } from '../domain/scale.ts';

interface Frames {
  frame(
    data: Buffer,
    options: { opcode: number; fin: boolean; rsv1: boolean; mask: boolean; readOnly: boolean },
  ): Buffer[];
}

// the copy of ws that engine.io brings: its static `frame` is what writes every frame
const ofEngine = createRequire(createRequire(import.meta.url).resolve('engine.io'));
const { Sender } = ofEngine('ws') as { Sender: Frames };

function frameOfWs(text: string): Buffer {
  return Buffer.concat(
    Sender.frame(Buffer.from(text), { opcode: 1, fin: true, rsv1: false, mask: false, readOnly: true }),
  );
}

describe('a frame', () => {
  test.each([0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 70_000])(
    '[PRES-3] of %i bytes is what ws makes',
    (length) => {
      const text = 'x'.repeat(length);
      expect(textFrame(text).equals(frameOfWs(text))).toBe(true);
    },
  );

  test.each([
    ['two bytes a character, at the first border', 'é'.repeat(63)],
    ['three bytes a character, at the second border', '€'.repeat(21_845)],
    ['four bytes a character', '🎥'.repeat(20_000)],
    ['half of a surrogate pair', 'a\ud83dz'],
    ['a NUL and a line end', '4\u0000\r\n'],
  ])('[PRES-3] of %s is what ws makes', (_, text) => {
    expect(textFrame(text).equals(frameOfWs(text))).toBe(true);
  });

  test('[PRES-3] of any text is what ws makes', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(text, (each) => textFrame(each).equals(frameOfWs(each))),
      { numRuns: scaled(300) },
    );
  });
});
