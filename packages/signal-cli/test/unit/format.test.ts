import { expect, it } from 'vitest';
import { parseCount, plural } from '../../src/format/count.js';
import { formatDuration, parseDuration } from '../../src/format/duration.js';
import { percentile } from '../../src/format/percentile.js';
import { formatReport } from '../../src/format/report.js';
import { formatTable } from '../../src/format/table.js';
import { Output } from '../../src/output.js';

it.each([
  ['0ms', 0],
  ['500ms', 500],
  ['30s', 30_000],
  ['1.5m', 90_000],
  ['24h', 86_400_000],
])('[CLI-2] %s is a duration', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

it.each(['', '30', 's', '1 s', '-1s', '1e3s', '25h', '1d', '.5s', 'NaNs', '30s '])(
  '[CLI-2] %j is no duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

it.each([
  ['1', 1],
  ['10k', 10_000],
  ['2m', 2_000_000],
])('[CLI-2] %s is a count', (text, count) => {
  expect(parseCount(text, 1, 2_000_000)).toBe(count);
});

it.each(['', '0', '-1', '1.5', '3m', '1K', 'ten', '99999999999'])('[CLI-2] %j is no count from 1 to 2m', (text) => {
  expect(parseCount(text, 1, 2_000_000)).toBeUndefined();
});

it('[CLI-3] durations are shown with three figures at most', () => {
  expect([0.84, 99.94, 99.96, 412, 999.6, 1234, 59_960, 185_000].map(formatDuration)).toEqual([
    '0.8 ms',
    '99.9 ms',
    '100 ms',
    '412 ms',
    '1.0 s',
    '1.2 s',
    '1 m 00 s',
    '3 m 05 s',
  ]);
});

it('[CLI-3] one call, two calls', () => {
  expect([0, 1, 2].map((count) => plural(count, 'call'))).toEqual(['0 calls', '1 call', '2 calls']);
});

it('[CLI-3] a report of one candidate says so', () => {
  const report = formatReport({
    callId: 'c1',
    role: 'caller',
    peer: { id: 'id-bob', username: 'bob' },
    outcome: 'completed',
    reason: null,
    setupMs: 1,
    durationMs: 1,
    media: { kind: 'scripted', verified: true, candidatesSent: 1, candidatesReceived: 2 },
  });
  expect(report).toContain(', 1 candidate sent, 2 received, verified');
});

it('[CLI-12] percentiles are the nearest rank, never an average', () => {
  const samples = Array.from({ length: 200 }, (_, index) => index + 1);
  expect([50, 90, 99, 100].map((percent) => percentile(samples, percent))).toEqual([100, 180, 198, 200]);
  expect(percentile([7], 1)).toBe(7);
  expect(percentile([], 50)).toBeNaN();
});

it('[CLI-12] tables align columns and leave no trailing blanks', () => {
  expect(
    formatTable([
      ['a', 'bb', ''],
      ['ccc', 'd', 'e'],
    ]),
  ).toBe('a    bb\nccc  d   e');
});

function capture(settings: ConstructorParameters<typeof Output>[0], isTTY: boolean, env: NodeJS.ProcessEnv = {}) {
  const written: string[] = [];
  const stream = { isTTY, write: (text: string) => written.push(text) };
  return { output: new Output(settings, { stdout: stream, stderr: stream }, env), written };
}

it('[CLI-4] colour is for terminals that take it, and not with --plain, --no-color or NO_COLOR', () => {
  const shown = (settings: object, isTTY: boolean, env?: NodeJS.ProcessEnv) => {
    const { output, written } = capture(settings, isTTY, env);
    output.show({}, 'text', 'green');
    return written.join('');
  };
  expect(shown({}, true)).toBe('\u001b[32mtext\u001b[39m\n');
  expect(shown({}, false)).toBe('text\n');
  expect(shown({ color: false }, true)).toBe('text\n');
  expect(shown({ plain: true }, true)).toBe('text\n');
  expect(shown({}, true, { NO_COLOR: '1' })).toBe('text\n');
  expect(shown({}, true, { TERM: 'dumb' })).toBe('text\n');
});

it('[CLI-4] control characters in what others wrote do not reach the terminal', () => {
  const { output, written } = capture({}, true);
  output.show({}, 'mallory\u001b]0;title\u0007\u009b2J\r');
  expect(written.join('')).toBe('mallory\ufffd]0;title\ufffd\ufffd2J\ufffd\n');
});

it('[CLI-3] with --json a result is one JSON document on one line', () => {
  const { output, written } = capture({ json: true }, true);
  output.show({ text: 'two\nlines' }, 'ignored', 'green');
  expect(written).toEqual(['{"text":"two\\nlines"}\n']);
});
