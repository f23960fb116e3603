import { expect, test } from 'vitest';
import { EventStreams } from '../../src/gateway/event-streams.ts';

const event = (n: number, padding = '') => `2["call_info",{"callId":"a","data":"${n}${padding}"}]`;

function append(streams: EventStreams, count: number, callId = 'a', padding = '') {
  return Array.from({ length: count }, (_, index) => streams.append(callId, event(index + 1, padding)));
}

function nameOf(text: string | undefined): string {
  return JSON.parse(text?.slice(1) ?? '')[1].streamId;
}

test('[RESUME-1] numbers the events of a call from 1, and names the stream with the first', () => {
  const streams = new EventStreams();
  const [first, second] = append(streams, 2).map((text) => JSON.parse(text.slice(1))[1]);
  expect(first).toEqual({ callId: 'a', data: '1', seq: 1, streamId: expect.any(String) });
  expect(second).toEqual({ callId: 'a', data: '2', seq: 2 });
});

test('[RESUME-1] each call has a count and a name of its own', () => {
  const streams = new EventStreams();
  const [a] = append(streams, 3);
  const [b] = append(streams, 1, 'b');
  expect(b).toContain('"seq":1,');
  expect(nameOf(a)).not.toBe(nameOf(b));
});

test('[RESUME-3] what follows the last event that the device has is sent again, as it was', () => {
  const streams = new EventStreams();
  const sent = append(streams, 5);
  const resumed = streams.resume([{ callId: 'a', streamId: nameOf(sent[0]), lastSeq: 3 }]);
  expect(resumed).toEqual({ resumed: [{ callId: 'a', recovered: true }], missed: sent.slice(3) });
});

test('[RESUME-3] a device that has everything misses nothing', () => {
  const streams = new EventStreams();
  const sent = append(streams, 2);
  expect(streams.resume([{ callId: 'a', streamId: nameOf(sent[0]), lastSeq: 2 }]).missed).toEqual([]);
});

test('[RESUME-3] without a name, 0 asks for all', () => {
  const streams = new EventStreams();
  const sent = append(streams, 2);
  expect(streams.resume([{ callId: 'a', lastSeq: 0 }]).missed).toEqual(sent);
});

test('[RESUME-3] a call that is named twice is sent once', () => {
  const streams = new EventStreams();
  const sent = append(streams, 2);
  const point = { callId: 'a', streamId: nameOf(sent[0]), lastSeq: 1 };
  expect(streams.resume([point, point]).missed).toEqual(sent.slice(1));
});

test.each([
  ['another stream', { streamId: 'another', lastSeq: 1 }],
  ['no name but a number', { lastSeq: 1 }],
])('[RESUME-4] %s is not recovered, and nothing of it is sent', (_, point) => {
  const streams = new EventStreams();
  append(streams, 2);
  const back = streams.resume([{ callId: 'a', ...point }]);
  expect(back).toEqual({ resumed: [{ callId: 'a', recovered: false }], missed: [] });
});

test('[RESUME-4] an event from the future is not recovered, and neither is an unknown call', () => {
  const streams = new EventStreams();
  const [first] = append(streams, 2);
  const back = streams.resume([
    { callId: 'a', streamId: nameOf(first), lastSeq: 3 },
    { callId: 'unknown', lastSeq: 0 },
  ]);
  expect(back.resumed.map((call) => call.recovered)).toEqual([false, false]);
});

test('[RESUME-4] after a stream that was not recovered the next event begins a new one', () => {
  const streams = new EventStreams();
  const [first] = append(streams, 2);
  streams.resume([{ callId: 'a', streamId: 'another', lastSeq: 1 }]);
  const next = streams.append('a', event(3));
  expect(next).toContain('"seq":1,');
  expect(nameOf(next)).not.toBe(nameOf(first));
});

test('[RESUME-5] a stream that the device does not name is over', () => {
  const streams = new EventStreams();
  append(streams, 2);
  const [other] = append(streams, 2, 'b');
  streams.resume([{ callId: 'b', streamId: nameOf(other), lastSeq: 2 }]);
  expect(streams.append('a', event(3))).toContain('"seq":1,');
  expect(streams.append('b', event(3))).toContain('"seq":3}');
});

test.each([
  [256, true],
  [257, false],
])('[RESUME-2] of %i missed events all are there: %s', (count, recovered) => {
  const streams = new EventStreams();
  append(streams, count);
  const back = streams.resume([{ callId: 'a', lastSeq: 0 }]);
  expect(back.resumed).toEqual([{ callId: 'a', recovered }]);
  expect(back.missed).toHaveLength(recovered ? count : 0);
});

test('[RESUME-2] the events kept have 256 KiB at most', () => {
  const streams = new EventStreams();
  const [first] = append(streams, 5, 'a', 'x'.repeat(64 * 1024));
  const streamId = nameOf(first);
  expect(streams.resume([{ callId: 'a', streamId, lastSeq: 2 }]).missed).toHaveLength(3);
  expect(streams.resume([{ callId: 'a', streamId, lastSeq: 1 }]).resumed).toEqual([{ callId: 'a', recovered: false }]);
});

test('[RESUME-6] of an ended call only the end follows, even when more was missed than is kept', () => {
  const streams = new EventStreams();
  const sent = append(streams, 300);
  const streamId = nameOf(sent[0]);
  streams.end('a', 0);
  expect(streams.resume([{ callId: 'a', streamId, lastSeq: 1 }])).toEqual({
    resumed: [{ callId: 'a', recovered: true }],
    missed: sent.slice(-1),
  });
  expect(streams.resume([{ callId: 'a', streamId, lastSeq: 300 }]).missed).toEqual([]);
});

test('[RESUME-6] the end is kept for 60 s, the events of a live call as long as it lives', () => {
  const streams = new EventStreams();
  const sent = append(streams, 1);
  const live = append(streams, 1, 'b');
  streams.end('a', 1_000);
  streams.sweep(60_999);
  const points = [
    { callId: 'a', streamId: nameOf(sent[0]), lastSeq: 0 },
    { callId: 'b', streamId: nameOf(live[0]), lastSeq: 0 },
  ];
  expect(streams.resume(points).missed).toEqual([...sent, ...live]);
  streams.sweep(61_000);
  expect(streams.resume(points).missed).toEqual(live);
});

test('[RESUME-6] a call that the device ended itself leaves nothing', () => {
  const streams = new EventStreams();
  append(streams, 1);
  streams.forget('a');
  expect(streams.resume([{ callId: 'a', lastSeq: 0 }]).missed).toEqual([]);
});
