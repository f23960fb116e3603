/** What the server said of itself last, as names and values. */
export interface ServerFigures {
  health: Table;
  metrics: Table;
}

export type Table = readonly (readonly [name: string, value: string])[];

export interface Figures {
  /** Undefined until it has answered. */
  found: ServerFigures | undefined;
  /** The first line that is shown. */
  top: number;
}

export const NO_FIGURES: Figures = { found: undefined, top: 0 };

/** How many lines there are to scroll through: both tables, their titles, and what stands for an empty one. */
export function figureLines({ found }: Figures): number {
  return found === undefined ? 1 : 2 + Math.max(1, found.health.length) + Math.max(1, found.metrics.length);
}
