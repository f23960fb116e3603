import { expect, it } from 'vitest';
import { advance } from '../../src/client/call-stream.ts';

it('[CLIENT-5] each event of a stream is taken once', () => {
  const first = advance({ lastSeq: 0 }, { seq: 1, streamId: 's' });
  expect(first).toEqual({ streamId: 's', lastSeq: 1 });
  const second = advance(first ?? { lastSeq: 0 }, { seq: 2 });
  expect(second).toEqual({ streamId: 's', lastSeq: 2 });
  expect(advance(second ?? { lastSeq: 0 }, { seq: 2 })).toBeUndefined();
  expect(advance(second ?? { lastSeq: 0 }, { seq: 1, streamId: 's' })).toBeUndefined();
});

it('[CLIENT-5] another stream begins anew, and what has no number is always taken', () => {
  const at = { streamId: 's', lastSeq: 7 };
  expect(advance(at, { seq: 1, streamId: 'other' })).toEqual({ streamId: 'other', lastSeq: 1 });
  expect(advance(at, {})).toEqual(at);
});
