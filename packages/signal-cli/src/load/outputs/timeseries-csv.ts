import { OUTCOMES, PHASES } from '../phases.js';
import { type Sample, sampleSchema } from '../result.js';

type Cell = string | number | undefined;
type Path = readonly string[];

const QUANTILES = ['count', 'min', 'mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'];
const FAILURES = 'counters.failures';
const STAGE = 'stage';

/** Each column by where it is in a sample, which is its name, too. */
const COLUMNS: readonly Path[] = [
  ...['atMs', STAGE, 'online', 'concurrent', 'targetPerSecond'].map((name) => [name]),
  ...under(['counters'], ['planned', 'placed', 'dropped']),
  ...under(['counters', 'outcomes'], OUTCOMES),
  ...under(['counters', 'ice'], ['sent', 'received', 'lost', 'duplicated', 'reordered', 'misrouted']),
  ...under(['counters', 'presence'], ['joins', 'messages', 'bytes']),
  ...under(['generator'], ['cpuPercent', 'rssMiB', 'loopDelayMs', 'lateMs']),
  ...PHASES.flatMap((phase) => under(['recent', phase], QUANTILES)),
  ['counters', 'failures'],
];
const HEAD = COLUMNS.map((path) => path.join('.')).join(',');

/**
 * One row a sample, under the names that the fields have in JSON.
 *
 * @see SPEC.md, rule REPORT-4
 */
export function timeseriesCsv(samples: readonly Sample[]): string {
  const rows = samples.map((sample) => COLUMNS.map((path) => written(valueAt(sample, path))).join(','));
  return `${[HEAD, ...rows].join('\n')}\n`;
}

/**
 * Reads what {@link timeseriesCsv} wrote.
 *
 * @throws an error, when it is anything else
 */
export function readTimeseriesCsv(text: string): Sample[] {
  const [head, ...rows] = text.trimEnd().split('\n');
  if (head !== HEAD) throw new Error('its columns are not those of this version');
  return rows.map((row) => sampleSchema.parse(sampleOf(row)));
}

function sampleOf(row: string): unknown {
  const sample: Record<string, unknown> = { recent: {} };
  const cells = cellsOf(row);
  for (const [column, path] of COLUMNS.entries()) {
    const cell = cells[column];
    if (cell === undefined || cell === '') continue;
    put(sample, path, read(path.join('.'), cell));
  }
  return sample;
}

/** The last column alone is quoted. */
function cellsOf(row: string): string[] {
  const quote = row.indexOf('"');
  if (quote < 0) return row.split(',');
  return [...row.slice(0, quote - 1).split(','), row.slice(quote + 1, -1).replaceAll('""', '"')];
}

function read(name: string, cell: string): unknown {
  if (name === FAILURES) return JSON.parse(cell);
  return name === STAGE ? cell : Number(cell);
}

function written(value: unknown): Cell {
  if (typeof value === 'number' || typeof value === 'string') return value;
  return value === undefined ? '' : quoted(JSON.stringify(value));
}

/**
 * JSON in one cell. The reasons of failures come from servers, and a spreadsheet takes what begins so for a formula;
 * some also part cells at semicolons.
 */
function quoted(json: string): string {
  const harmless = json.replace(/[^\w {}":,.[\]-]/g, (letter) =>
    letter === '\\' ? letter : `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${harmless.replaceAll('"', '""')}"`;
}

function valueAt(sample: Sample, path: Path): unknown {
  return path.reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), sample);
}

function put(into: Record<string, unknown>, path: Path, value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const known = into[name];
  const below = isRecord(known) ? known : {};
  into[name] = below;
  put(below, rest, value);
}

function under(path: Path, names: readonly string[]): Path[] {
  return names.map((name) => [...path, name]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
