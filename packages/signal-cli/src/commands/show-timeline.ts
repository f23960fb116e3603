import { formatEntry } from '../format/timeline-line.js';
import type { Output } from '../output.js';
import type { Observe } from '../session/timeline.js';

/** Prints each entry as it comes; bodies, which hold SDP and addresses, with `--verbose` only. */
export function showTimeline(output: Output): Observe {
  let startedAt: number | undefined;
  return (entry) => {
    startedAt ??= entry.at;
    const { body, ...rest } = entry;
    const line = formatEntry(entry, startedAt);
    const bodyText = output.verbose && body !== null ? `\n${JSON.stringify(body, null, 2)}` : '';
    output.progress({ type: 'event', ...rest, ...(output.verbose && { body }) }, line + bodyText, 'dim');
  };
}
