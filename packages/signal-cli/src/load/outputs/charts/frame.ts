import { type Markup, markup } from '../markup.js';

const WIDTH = 360;
const HEIGHT = 170;
/** Where the drawing is, inside of the labels. */
export const PLOT = { left: 40, right: WIDTH - 16, top: 8, bottom: HEIGHT - 22 } as const;

/** A label at its place. */
export interface Tick {
  at: number;
  text: string;
}

interface Frame {
  /** What it shows, for those who do not see it. */
  label: string;
  across: readonly Tick[];
  up: readonly Tick[];
  /** What is drawn below the lines of the frame, and above them. */
  below?: Markup | undefined;
  above: readonly Markup[];
}

/** A chart's axes around what it shows. */
export function frame({ label, across, up, below, above }: Frame): Markup {
  return markup`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${below}${up.map(
    ({ at, text }) =>
      markup`<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${round(at)}" y2="${round(at)}"/><text x="${PLOT.left - 5}" y="${round(at + 3.5)}" text-anchor="end">${text}</text>`,
  )}${across.map(({ at, text }) => markup`<text x="${round(at)}" y="${HEIGHT - 7}" text-anchor="middle">${text}</text>`)}${above}</svg>`;
}

/** To a tenth: nobody sees more, and the file stays small. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
