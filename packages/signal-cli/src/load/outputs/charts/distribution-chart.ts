import { type Markup, markup } from '../markup.js';
import { formatMs } from '../numbers.js';
import { frame, PLOT, round } from './frame.js';
import { decadesAround, linear } from './scale.js';

/** Durations of something, by percentile. */
export interface Distribution {
  name: string;
  paint: string;
  /** How many there were: the farthest percentile that means anything. */
  count: number;
  /** In milliseconds. */
  at(percent: number): number;
}

/** Above each there are ten times fewer than above the one before. */
const LABELS = [0, 90, 99, 99.9, 99.99, 99.999];
const STEPS_A_NINE = 12;

/** Which part of all took longer than how long, as HdrHistograms are shown: both axes grow by powers of ten. */
export function distributionChart(label: string, distributions: readonly Distribution[]): Markup {
  const nines = Math.max(1, ...distributions.map(({ count }) => ninesOf(count)));
  const curves = distributions.map((distribution) => ({ ...distribution, points: pointsOf(distribution) }));
  const values = curves.flatMap(({ points }) => points.map(([, ms]) => ms)).filter((ms) => ms > 0);
  const decades = decadesAround(Math.min(...values), Math.max(...values));
  const x = linear([0, nines], [PLOT.left, PLOT.right - 6]);
  const y = linear([Math.log10(decades[0] ?? 1), Math.log10(decades.at(-1) ?? 10)], [PLOT.bottom, PLOT.top]);
  return frame({
    label,
    up: decades.map((ms) => ({ at: y(Math.log10(ms)), text: ms < 1 ? String(ms) : formatMs(ms).replace(/\.0+$/, '') })),
    across: LABELS.slice(0, Math.floor(nines) + 1).map((percent, at) => ({ at: x(at), text: `${percent} %` })),
    above: curves.map(({ paint, points, name }) => {
      const path = points
        .filter(([, ms]) => ms > 0)
        .map(([nine, ms], at) => `${at === 0 ? 'M' : 'L'}${round(x(nine))} ${round(y(Math.log10(ms)))}`);
      return markup`<path class="line ${paint}" d="${path.join('')}"><title>${name}</title></path>`;
    }),
  });
}

function pointsOf({ count, at }: Distribution): [nines: number, ms: number][] {
  const most = ninesOf(count);
  const steps = Math.max(1, Math.ceil(most * STEPS_A_NINE));
  return Array.from({ length: steps + 1 }, (_, step) => {
    const nines = (most * step) / steps;
    return [nines, at(100 * (1 - 10 ** -nines))];
  });
}

/** Of 1,000 the slowest is at 99.9 %: three nines. */
function ninesOf(count: number): number {
  return Math.min(5, Math.log10(Math.max(1, count)));
}
