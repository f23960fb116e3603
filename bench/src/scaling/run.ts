import { figure } from '../report/figures.js';
import { table } from '../report/table.js';
import { type Load, type Rates, ratesOf } from './arithmetic.js';
import { MEASURED } from './constants.js';
import { scalingTables } from './scaling-table.js';
import { seededRandom, simulate } from './simulate.js';

const USUAL = { staySeconds: 1800, callsPerUserHour: 1, callSeconds: 180, watched: 50 };

/** 10,000 users a node, and 20,000. */
const LOADS: Load[] = [
  { ...USUAL, users: 20_000, nodes: 2, scopes: 1 },
  { ...USUAL, users: 100_000, nodes: 5, scopes: 1 },
  { ...USUAL, users: 100_000, nodes: 5, scopes: 100 },
  { ...USUAL, users: 1_000_000, nodes: 50, scopes: 1 },
  { ...USUAL, users: 1_000_000, nodes: 50, scopes: 1_000 },
];

/** Small enough to be played in seconds. */
const PLAYED: Load = { ...USUAL, users: 20_000, nodes: 8, scopes: 200 };
const PLAYED_SECONDS = 600;
const MAX_ERROR = 0.05;

const [computed, played] = [ratesOf(PLAYED), simulate(PLAYED, PLAYED_SECONDS, seededRandom(1))];
// The fields of Rates are its keys.
const names = Object.keys(computed) as (keyof Rates)[];
const errorOf = (name: keyof Rates) => Math.abs(played[name] / computed[name] - 1);
const rows = names.map((name) => [
  name,
  figure(computed[name]),
  figure(played[name]),
  `${(errorOf(name) * 100).toFixed(1)} %`,
]);
process.stdout.write(`${scalingTables(LOADS, MEASURED)}\n\n`);
process.stdout.write(`${table(['a second', 'computed', 'played', 'apart'], rows)}\n`);
if (names.some((name) => errorOf(name) > MAX_ERROR)) process.exitCode = 1;
