import { formatDuration } from '../../../format/duration.js';
import type { LoadResult, Summary } from '../../result.js';
import { auditFaults, auditRows } from '../audit-facts.js';
import { changeRows } from '../change-rows.js';
import {
  callFacts,
  costFacts,
  failureRows,
  formatActual,
  nameOf,
  outcomeRows,
  PHASE_COLUMNS,
  phaseRows,
  planFacts,
} from '../facts.js';
import { type Markup, markup } from '../markup.js';
import { formatCount, formatMs, formatShare } from '../numbers.js';
import { type Standing, standingOf } from '../standing.js';
import { distributionSection, timeSection } from './charts-section.js';
import { tracesSection } from './ladder.js';
import { STYLE } from './style.js';
import { facts, figures, texts } from './tables.js';

const MOST_ORPHANS = 100;

/**
 * A run as one page that needs nothing else: no network, no script.
 *
 * @see SPEC.md, rule REPORT-5
 */
export function reportHtml(result: LoadResult): string {
  const { summary, traces } = result;
  const { plan, startedAt, environment } = summary;
  const standing = standingOf(summary);
  const page = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${standing.status}: load of ${plan.urls.join(', ')}</title><style>${{ markup: STYLE }}</style></head>
<body><main>
<header><h1>Load of ${plan.urls.join(' and ')}</h1>
<p class="soft">${startedAt.slice(0, 19).replace('T', ' ')} UTC, ${formatDuration(summary.ranMs)}, ${formatCount(plan.users)} users, seed ${plan.seed}</p></header>
${verdict(standing, false)}
${tiles(summary)}
${changes(summary)}
${thresholds(summary)}
${timeSection(result)}
${distributionSection(summary)}
<h2>Durations, in ms</h2>
${figures(PHASE_COLUMNS, phaseRows(summary))}
${calls(summary)}
${audit(summary)}
${tracesSection(traces)}
<h2>What was asked for</h2>
${facts(planFacts(plan))}
<h2>Verdict</h2>
${verdict(standing, true)}
<footer>signal-cli ${environment.cli}, Node ${environment.node}, ${environment.platform}, ${environment.cpus} CPUs, ${environment.host}</footer>
</main></body></html>
`;
  return page.markup;
}

function verdict({ tone, status, headline, exit, points }: Standing, isLast: boolean): Markup {
  const list = points.map(
    ({ what, remedy }) =>
      markup`<li>${what}${isLast && remedy !== undefined && markup`<br><small>→ ${remedy}</small>`}</li>`,
  );
  return markup`<div class="verdict ${tone}" role="status"><p><b>${status}</b> <span class="soft">${exit}</span></p><p>${headline}</p>${list.length > 0 && markup`<ul>${list}</ul>`}</div>`;
}

function tiles({ counters, asr, phases, ranMs, peakConcurrent, audit, server }: Summary): Markup {
  const { ice, placed } = counters;
  const isLossy = ice.lost > 0 || ice.misrouted > 0;
  const all: [string, string, boolean?][] = [
    [formatCount(placed), 'calls placed'],
    [formatCount(ranMs === 0 ? 0 : (placed * 1000) / ranMs), 'calls a second'],
    [formatCount(peakConcurrent), 'calls at once, at most'],
    [formatShare(asr), 'answered'],
    [phases.setup === undefined ? '—' : `${formatMs(phases.setup.p99)} ms`, 'setup, p99'],
    [formatCount(counters.outcomes.failed), 'calls failed', counters.outcomes.failed > 0],
    [formatCount(ice.lost), 'candidates lost', isLossy],
    [formatCount(audit.orphans.length), 'orphaned calls', auditFaults(audit).length > 0],
    [server === null ? '—' : `${formatMs(server.cpuMsPerCall)} ms`, 'server CPU a call'],
  ];
  return markup`<div class="tiles">${all.map(([value, name, isBad]) => markup`<div class="tile${isBad === true && ' bad'}"><strong>${value}</strong><span>${name}</span></div>`)}</div>`;
}

function changes(summary: Summary): Markup {
  const rows = changeRows(summary);
  return rows.length === 0 ? markup`` : markup`<h2>Changed by hand</h2>${facts(rows)}`;
}

function thresholds({ thresholds: results }: Summary): Markup {
  if (results.length === 0) return markup``;
  const rows = results.map((result) => [
    markup`<code>${result.expression}</code>`,
    formatActual(result),
    result.isMet ? markup`<span class="met">met</span>` : markup`<span class="missed">missed</span>`,
  ]);
  return markup`<h2>Thresholds</h2>${figures(['', 'was', ''], rows)}`;
}

function calls(summary: Summary): Markup {
  const failures = failureRows(summary);
  const outcomes = outcomeRows(summary).map(([outcome, ...cells]) => [nameOf(outcome), ...cells]);
  return markup`<h2>Calls</h2><div class="columns">${outcomes.length > 0 && figures(['outcome', 'calls', 'share'], outcomes)}${
    failures.length > 0 && figures(['failure', 'times'], failures)
  }</div>${facts([...callFacts(summary), ...costFacts(summary)])}`;
}

function audit({ audit: found }: Summary): Markup {
  const orphans = found.orphans.slice(0, MOST_ORPHANS);
  const left = found.orphans.length - orphans.length;
  const rows = orphans.map(({ callId, caller, callee, why }) => [markup`<code>${callId}</code>`, caller, callee, why]);
  return markup`<h2>What is left on the server</h2>${facts(auditRows(found))}${rows.length > 0 && texts(['orphan', 'caller', 'callee', 'why'], rows)}${left > 0 && markup`<p class="soft">${left} more in summary.json</p>`}`;
}
