import type { Line } from '../screen/line.js';

/** All keys. */
export const HELP_LINES: readonly Line[] = [
  { text: 'Keys', look: 'title' },
  { text: '  1 2 3 4 5, Tab   roster, calls, ladder, log, server' },
  { text: '  ↑ ↓ PgUp PgDn    move' },
  { text: '  Enter            call; the ladder of a call; a body' },
  { text: '  /                filter roster or log; Esc: all again' },
  { text: '  a r              accept or reject the call that rings' },
  { text: '  h                hang up' },
  { text: '  q, Ctrl-C        leave; calls are hung up' },
];
