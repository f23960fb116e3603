import type { LoadResult } from '../../src/load/result.ts';
import { sampleResult } from './sample-result.ts';

/** What a server may call a failure, a user, or a call, to do harm in some report. */
export const HOSTILE = [
  '<script>document.title="run"</script>',
  '"><img src=x onerror=alert(1)>',
  '</style></svg></details>&amp;',
  ']]><!-- <?xml',
  '`code` | **bold** [link](https://evil.example) @somebody \\| \\',
  'one ` of them, and [evil](https://evil.example)',
  '=HYPERLINK("https://evil.example";"x")',
  '+1;@SUM(1)',
  '\x1b[2J\x1b]0;title\x07',
  'two\r\nlines\u2028three',
  '\u202eright to left\u2066',
  '\ud800 alone \0',
  '=cmd,"quoted",\t-1',
  'https://evil.example/?q',
];

/** A run against a server that puts these wherever it can. */
export function hostileResult(): LoadResult {
  const { summary, samples, traces } = sampleResult({ plan: { durationMs: 2_000 } });
  const failures = Object.fromEntries(HOSTILE.map((text, at) => [text, at + 1]));
  const orphans = HOSTILE.map((text) => ({ callId: text, caller: text, callee: text, why: text }));
  const [first] = traces;
  if (first === undefined) throw new Error('the sample has traces');
  const counters = { ...summary.counters, failures };
  return {
    summary: {
      ...summary,
      counters,
      plan: { ...summary.plan, prefix: HOSTILE.join(' '), path: HOSTILE.join('/') },
      environment: { ...summary.environment, host: HOSTILE.join() },
      verdict: { status: 'INVALID', reasons: HOSTILE.map((text) => ({ what: text, remedy: text })) },
      audit: { ...summary.audit, orphans },
      thresholds: HOSTILE.map((expression) => ({ expression, actual: null, isMet: false })),
      exitCode: 98,
    },
    samples: samples.map((sample) => ({ ...sample, counters: { ...sample.counters, failures } })),
    traces: HOSTILE.map((text) => ({
      callId: text,
      caller: text,
      callee: text,
      outcome: 'failed',
      failure: text,
      events: first.events.map((event) => ({ ...event, event: text, summary: text })),
    })),
  };
}
