import { cleanText } from '../../format/clean-text.js';
import { formatDuration } from '../../format/duration.js';
import { endpoint } from '../../session/rest.js';
import type { ServerFigures, Table } from './figures.js';

const TIMEOUT_MS = 2_000;
const MAX_LINES = 200;
const MIB = 1024 * 1024;

/** Asks the server how it is. What it does not tell is left out. */
export async function readFigures(url: URL, token: string | undefined): Promise<ServerFigures> {
  const [health, metrics] = await Promise.all([
    textOf(endpoint(url, 'health'), token),
    textOf(endpoint(url, 'metrics'), token),
  ]);
  return { health: healthTable(health), metrics: metricsTable(metrics) };
}

async function textOf(url: URL, token: string | undefined): Promise<string> {
  try {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return response.ok ? await response.text() : '';
  } catch {
    return '';
  }
}

/** `{"memory":{"rss":1048576}}` as `memory.rss 1.0 MiB`. */
export function healthTable(text: string): Table {
  try {
    return flat('', JSON.parse(text)).slice(0, MAX_LINES);
  } catch {
    return [];
  }
}

function flat(name: string, value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[cleanText(name), cleanText(valueText(name, value))]];
  return Object.entries(value).flatMap(([key, each]) => flat(name === '' ? key : `${name}.${key}`, each));
}

/** In units for people, where the unit is known. */
function valueText(name: string, value: unknown): string {
  if (typeof value !== 'number') return String(value);
  if (name === 'uptime') return formatDuration(value * 1000);
  return name.startsWith('memory.') ? `${(value / MIB).toFixed(1)} MiB` : String(value);
}

/** The lines of the format of Prometheus, without comments and buckets; those of the process last. */
export function metricsTable(text: string): Table {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !line.includes('_bucket{'));
  const isOfProcess = (line: string) => Number(/^(process|nodejs)_/.test(line));
  const sorted = lines.sort((a, b) => isOfProcess(a) - isOfProcess(b));
  return sorted.slice(0, MAX_LINES).map((line) => {
    const at = line.lastIndexOf(' ');
    return [cleanText(line.slice(0, at)), cleanText(line.slice(at + 1))] as const;
  });
}
