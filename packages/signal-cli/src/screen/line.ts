/** How a line looks; each look says nothing that the text does not. */
export type Look = 'plain' | 'title' | 'chosen' | 'good' | 'bad' | 'faint';

/** One line of a screen. */
export interface Line {
  text: string;
  look?: Look;
}

/** Room for lines, in columns and rows of the terminal. */
export interface Room {
  columns: number;
  rows: number;
}
