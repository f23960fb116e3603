import { formatDuration } from '../../../format/duration.js';
import type { Trace, TraceEvent } from '../../result.js';
import { nameOf } from '../facts.js';
import { type Markup, markup } from '../markup.js';

const MOST_TRACES = 60;
const MOST_EVENTS = 200;

/** Calls worth a look, as ladders that open: those that failed come first. */
export function tracesSection(traces: readonly Trace[]): Markup {
  if (traces.length === 0) return markup``;
  const failed = traces.filter(({ outcome }) => outcome === 'failed');
  const slow = traces
    .filter(({ outcome }) => outcome !== 'failed')
    .toSorted((a, b) => (b.setupMs ?? 0) - (a.setupMs ?? 0));
  const shown = [...failed, ...slow].slice(0, MOST_TRACES);
  const left = traces.length - shown.length;
  return markup`<h2>Calls worth a look</h2>
${shown.map(callDetails)}${left > 0 && markup`<p class="soft">${left} more in traces.json</p>`}`;
}

function callDetails(trace: Trace): Markup {
  const { outcome, failure, setupMs, callId, caller, callee, events } = trace;
  const isFailed = outcome === 'failed';
  const why = isFailed && failure !== undefined ? `${nameOf(outcome)}: ${failure}` : nameOf(outcome);
  const left = events.length - MOST_EVENTS;
  return markup`<details><summary><span class="${isFailed ? 'missed' : 'met'}">${why}</span>${
    setupMs !== undefined && markup`, set up in ${formatDuration(setupMs)}`
  } <span class="soft">${caller} → ${callee}</span></summary>
<p><small>call <code>${callId}</code>; time since it was due, and since the line before</small></p>
<ol class="ladder"><li class="ends"><span></span><span class="lane">caller</span><span class="lane">callee</span></li>
${events.slice(0, MOST_EVENTS).map((event, at) => rung(event, events[at - 1]))}</ol>${left > 0 && markup`<p class="soft">${left} more in traces.json</p>`}</details>`;
}

/** The server is the line in the middle: what is sent goes to it, what is received comes from it. */
function rung(event: TraceEvent, before: TraceEvent | undefined): Markup {
  const { atMs, side, direction } = event;
  const isToTheRight = (side === 'caller') === (direction === 'sent');
  const message = markup`<b>${event.event}</b>${event.summary !== '' && markup` <small>${event.summary}</small>`}<div class="arrow ${isToTheRight ? 'right' : 'left'}"></div>`;
  const empty = markup``;
  return markup`<li><span class="when">${formatDuration(atMs)}${before !== undefined && markup`<br>+${formatDuration(Math.max(0, atMs - before.atMs))}`}</span><div class="lane">${
    side === 'caller' ? message : empty
  }</div><div class="lane">${side === 'callee' ? message : empty}</div></li>
`;
}
