import { cleanText } from '../format/clean-text.js';
import { endpoint } from '../session/rest.js';
import type { ServerFigures } from './state.js';

const TIMEOUT_MS = 2_000;
const MAX_LINES = 60;

type Table = ServerFigures['health'];

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

/** `{"memory":{"rss":1}}` as `memory.rss 1`. */
export function healthTable(text: string): Table {
  try {
    return flat('', JSON.parse(text)).slice(0, MAX_LINES);
  } catch {
    return [];
  }
}

function flat(name: string, value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[cleanText(name), cleanText(String(value))]];
  return Object.entries(value).flatMap(([key, each]) => flat(name === '' ? key : `${name}.${key}`, each));
}

/** The lines of the format of Prometheus, without comments and buckets. */
export function metricsTable(text: string): Table {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !line.includes('_bucket{'));
  return lines.slice(0, MAX_LINES).map((line) => {
    const at = line.lastIndexOf(' ');
    return [cleanText(line.slice(0, at)), cleanText(line.slice(at + 1))] as const;
  });
}
