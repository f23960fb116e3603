import { type Markup, markup } from '../markup.js';
import { frame, PLOT, round, type Tick } from './frame.js';
import { formatMoment, linear, momentsBetween, type Scale, ticksTo } from './scale.js';
import type { Step } from './steps.js';

/** A value of every step; undefined is a gap. */
export interface Series {
  name: string;
  /** How the page paints it. */
  paint: string;
  of(step: Step): number | undefined;
}

interface TimeChart {
  label: string;
  steps: readonly Step[];
  series: readonly Series[];
  /** One on the other, as areas, or each for itself, as lines. */
  kind: 'lines' | 'stack';
  format(value: number): string;
}

/** What changed over the time of a run. Time goes from the first sample to the last; 0 is when calls began. */
export function timeChart({ label, steps, series, kind, format }: TimeChart): Markup {
  const [fromMs, toMs] = [steps[0]?.fromMs ?? 0, steps.at(-1)?.toMs ?? 1];
  const most = Math.max(0, ...steps.map((step) => heightOf(step, series, kind)));
  const ticks = ticksTo(most);
  const x = linear([fromMs, toMs], [PLOT.left, PLOT.right]);
  const y = linear([0, ticks.at(-1) ?? 1], [PLOT.bottom, PLOT.top]);
  const draw = kind === 'stack' ? stack : lines;
  return frame({
    label,
    up: ticks.map((value) => ({ at: y(value), text: format(value) })),
    across: momentsBetween(fromMs, toMs).map((ms): Tick => ({ at: x(ms), text: formatMoment(ms) })),
    below: before(x),
    above: [...draw(steps, series, x, y), ...steps.map((step) => hint(step, series, x, format))],
  });
}

function heightOf(step: Step, series: readonly Series[], kind: TimeChart['kind']): number {
  const values = series.map(({ of }) => of(step) ?? 0);
  return kind === 'stack' ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values);
}

/** The time before the calls, while users join. */
function before(x: Scale): Markup | undefined {
  const width = Math.min(x(0), PLOT.right) - PLOT.left;
  if (width < 1) return undefined;
  return markup`<rect class="before" x="${PLOT.left}" y="${PLOT.top}" width="${round(width)}" height="${PLOT.bottom - PLOT.top}"/>`;
}

function lines(steps: readonly Step[], series: readonly Series[], x: Scale, y: Scale): Markup[] {
  return series.map(({ paint, of }) => {
    let isGap = true;
    const path = steps.map((step) => {
      const value = of(step);
      if (value === undefined) {
        isGap = true;
        return '';
      }
      const point = `${isGap ? 'M' : 'L'}${round(x(middleOf(step)))} ${round(y(value))}`;
      // a line of one point is drawn as a dot by its round cap
      const dot = isGap ? 'h0' : '';
      isGap = false;
      return point + dot;
    });
    return markup`<path class="line ${paint}" d="${path.join('')}"/>`;
  });
}

function stack(steps: readonly Step[], series: readonly Series[], x: Scale, y: Scale): Markup[] {
  const floors = steps.map(() => 0);
  return series.flatMap(({ paint, of }) => {
    const bars = steps.map((step, at) => {
      const [floor, value] = [floors[at] ?? 0, of(step) ?? 0];
      floors[at] = floor + value;
      const [left, right] = [round(x(step.fromMs)), round(x(step.toMs))];
      const [low, high] = [round(y(floor)), round(y(floor + value))];
      return low === high ? '' : `M${left} ${low}V${high}H${right}V${low}z`;
    });
    const path = bars.join('');
    return path === '' ? [] : [markup`<path class="area ${paint}" d="${path}"/>`];
  });
}

/** What a pointer is told, without a script. */
function hint(step: Step, series: readonly Series[], x: Scale, format: (value: number) => string): Markup {
  const values = series.flatMap(({ name, of }) => {
    const value = of(step);
    return value === undefined || value === 0 ? [] : `${name} ${format(value)}`;
  });
  if (values.length === 0) return markup``;
  const [left, right] = [round(x(step.fromMs)), round(x(step.toMs))];
  return markup`<rect class="hint" x="${left}" y="${PLOT.top}" width="${round(right - left)}" height="${PLOT.bottom - PLOT.top}"><title>${formatMoment(step.toMs)}: ${values.join(', ')}</title></rect>`;
}

function middleOf({ fromMs, toMs }: Step): number {
  return (fromMs + toMs) / 2;
}
