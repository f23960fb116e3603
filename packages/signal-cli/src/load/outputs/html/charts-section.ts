import { Durations } from '../../histograms.js';
import { OUTCOMES, type Outcome, PHASES, type Phase } from '../../phases.js';
import type { LoadResult, Sample, Summary } from '../../result.js';
import { type Distribution, distributionChart } from '../charts/distribution-chart.js';
import { stepsOf } from '../charts/steps.js';
import { type Series, timeChart } from '../charts/time-chart.js';
import { nameOf } from '../facts.js';
import { type Markup, markup } from '../markup.js';
import { formatCount, formatMs } from '../numbers.js';

const MOST_STEPS = 120;

const CALLS: Series[] = [
  { name: 'placed', paint: 's2', of: ({ placed }) => placed },
  { name: 'asked for', paint: 's3 dashed', of: ({ target }) => target },
];
const CONCURRENT: Series[] = [{ name: 'calls at once', paint: 's4', of: ({ concurrent }) => concurrent }];

const PAINTS: Record<Outcome, string> = {
  completed: 's1',
  rejected: 's2',
  no_answer: 's3',
  cancelled: 's4',
  merged: 's5',
  busy: 's6',
  offline: 's7',
  failed: 's8',
};

const MEANINGS: Record<Phase, string> = {
  login: 'POST /api/login answered',
  connect: 'the Socket.IO connection',
  join: 'join → join_success',
  presence: 'a join → seen by another user',
  pdd: 'call_user → incoming_call',
  setup: 'call_user → call_accepted, less what the callee thought',
  ice_relay: 'a candidate, one way',
  teardown: 'end_call → call_ended at the peer',
  ping: 'round trip',
};

/** How it went over time; nothing without samples. */
export function timeSection({ samples, summary }: LoadResult): Markup {
  const steps = stepsOf(samples, MOST_STEPS);
  if (steps.length === 0) return markup``;
  const outcomes = OUTCOMES.filter((outcome) => summary.counters.outcomes[outcome] > 0).map(
    (outcome): Series => ({
      name: nameOf(outcome),
      paint: PAINTS[outcome],
      of: ({ ended }) => ended[outcome],
    }),
  );
  return markup`<h2>Over time</h2><p class="soft">Calls begin at 0; before that, shaded, users join.</p><div class="charts">
${card('Calls a second', '', CALLS, timeChart({ label: 'Calls a second over time', steps, series: CALLS, kind: 'lines', format: formatCount }))}
${card('Calls at once', '', CONCURRENT, timeChart({ label: 'Calls at once over time', steps, series: CONCURRENT, kind: 'lines', format: formatCount }))}
${card('Outcomes, calls a second', '', outcomes, timeChart({ label: 'Outcomes over time', steps, series: outcomes, kind: 'stack', format: formatCount }))}
</div><h2>Durations over time, in ms</h2><p class="soft">Of each step the worst sample: quantiles are never averaged.</p><div class="charts">
${PHASES.flatMap((phase) => phaseCard(phase, samples))}</div>`;
}

/** From when the phase was first timed until the last: users join in the beginning only. */
function phaseCard(phase: Phase, samples: readonly Sample[]): Markup[] {
  const isTimed = ({ recent }: Sample) => recent[phase] !== undefined;
  const first = samples.findIndex(isTimed);
  if (first < 0) return [];
  const steps = stepsOf(samples.slice(Math.max(0, first - 1), samples.findLastIndex(isTimed) + 1), MOST_STEPS);
  const series: Series[] = [
    { name: 'p99', paint: 's3', of: ({ worst }) => worst[phase]?.p99 },
    { name: 'p50', paint: 's2', of: ({ worst }) => worst[phase]?.p50 },
  ];
  const label = `${phase} in milliseconds over time`;
  return [card(phase, MEANINGS[phase], series, timeChart({ label, steps, series, kind: 'lines', format: formatTick }))];
}

/** Where calls spend their time, and where coming online does. */
export function distributionSection({ phases }: Summary): Markup {
  const groups: [string, Phase[]][] = [
    ['Calls', ['pdd', 'setup', 'ice_relay', 'teardown']],
    ['Coming online, and ping', ['login', 'connect', 'join', 'presence', 'ping']],
  ];
  const cards = groups.flatMap(([name, members]) => {
    const found = members.flatMap((phase, at) => distributionOf(phase, phases[phase], at));
    if (found.length === 0) return [];
    return [card(name, 'in ms', found, distributionChart(`${name}: durations by percentile`, found))];
  });
  if (cards.length === 0) return markup``;
  return markup`<h2>Percentiles, in ms</h2><div class="columns">${cards}</div>`;
}

function distributionOf(phase: Phase, found: Summary['phases'][Phase], at: number): Distribution[] {
  if (found === undefined) return [];
  const durations = new Durations();
  durations.add(found.histogram);
  const paint = ['s2', 's3', 's1', 's4', 's7'][at] ?? 's7';
  return [{ name: phase, paint, count: durations.count, at: (percent) => durations.at(percent) }];
}

function card(
  title: string,
  meaning: string,
  series: readonly { name: string; paint: string }[],
  chart: Markup,
): Markup {
  const legend = series.map(({ name, paint }) => markup`<li><i class="${paint}"></i>${name}</li>`);
  return markup`<section class="card"><h3>${title}</h3>${meaning !== '' && markup`<small>${meaning}</small>`}<ul class="legend">${legend}</ul>${chart}</section>`;
}

function formatTick(ms: number): string {
  return ms >= 10 || Number.isInteger(ms) ? formatCount(ms) : formatMs(ms);
}
