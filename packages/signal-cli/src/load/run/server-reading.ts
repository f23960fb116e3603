import { fieldsOf } from '../../session/fields.js';

/** What a server says of itself; null where it does not. */
export interface ServerReading {
  activeCalls: number | null;
  onlineUsers: number | null;
  rssMiB: number | null;
  cpuSeconds: number | null;
}

const TIMEOUT_MS = 2000;
const MIB = 2 ** 20;

/** Asks `/health` and `/metrics` of each server; figures of several are added. */
export async function readServers(urls: readonly string[]): Promise<ServerReading> {
  const readings = await Promise.all([...new Set(urls)].map(readServer));
  const sum = (name: keyof ServerReading) =>
    readings.reduce<number | null>((total, { [name]: value }) => (value === null ? total : (total ?? 0) + value), null);
  return {
    activeCalls: sum('activeCalls'),
    onlineUsers: sum('onlineUsers'),
    rssMiB: sum('rssMiB'),
    cpuSeconds: sum('cpuSeconds'),
  };
}

async function readServer(url: string): Promise<ServerReading> {
  const [health, metrics] = await Promise.all([textOf(url, 'health'), textOf(url, 'metrics')]);
  const { activeCalls, activeUsers, memory } = fieldsOf(parse(health));
  const rss = number(fieldsOf(memory).rss) ?? metric(metrics, 'process_resident_memory_bytes');
  return {
    activeCalls: number(activeCalls) ?? metric(metrics, 'signal_calls'),
    onlineUsers: number(activeUsers) ?? metric(metrics, 'signal_users_online'),
    rssMiB: rss === null ? null : rss / MIB,
    cpuSeconds: metric(metrics, 'process_cpu_seconds_total'),
  };
}

async function textOf(url: string, path: string): Promise<string> {
  try {
    const base = url.endsWith('/') ? url : `${url}/`;
    const response = await fetch(new URL(path, base), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    return response.ok ? text : '';
  } catch {
    return '';
  }
}

/** The sum over all labels of a metric in the format of Prometheus. */
function metric(text: string, name: string): number | null {
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(' '))));
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
