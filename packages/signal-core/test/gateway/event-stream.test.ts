import { expect, test } from 'vitest';
import { EventStream } from '../../src/gateway/event-stream.ts';

test('[RESUME-2] what is kept may come to 256 KiB', () => {
  const stream = new EventStream();
  const sent = Array.from({ length: 4 }, () =>
    stream.append(`2["call_info",{"callId":"a","data":"${'x'.repeat(65_000)}"}]`),
  );
  expect(sent.join('').length).toBeGreaterThan(253 * 1024);
  expect(stream.after(0, undefined)).toEqual(sent);
});
