import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { run } from './server-process.ts';

const SOCKETS = 500;
const ALL_CLOSED_MS = 10_000;
const HEALTH_MS = 100;
/** Of three, one after the other; the last is as long as it takes. */
const SERIES_MS = 2_000;

function p95(latencies: number[]): number {
  latencies.sort((a, b) => a - b);
  return latencies[Math.floor(latencies.length * 0.95)] ?? Number.NaN;
}

/** A client that sends a header every second, and never the end of them. */
async function dawdle(port: number): Promise<{ closed: Promise<number> }> {
  const socket: Socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => {});
  await once(socket, 'connect');
  const openedAt = performance.now();
  socket.write('GET /health HTTP/1.1\r\nHost: x\r\n');
  const drip = setInterval(() => socket.write('X-More: y\r\n'), 1_000);
  socket.resume();
  onTestFinished(() => {
    clearInterval(drip);
    socket.destroy();
  });
  const closed = once(socket, 'close').then(() => {
    clearInterval(drip);
    return performance.now() - openedAt;
  });
  return { closed };
}

test(`[SRV-21] ${SOCKETS} sockets that never end their headers are closed within 10 s, and /health answers meanwhile`, async () => {
  const server = run(['--port', '0', '--host', '127.0.0.1', '--log-level', 'silent']);
  const { url } = await server.line('listening');
  const port = Number(new URL(String(url)).port);

  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => dawdle(port)));
  let open = SOCKETS;
  const lives = sockets.map(async ({ closed }) => {
    const ms = await closed;
    open -= 1;
    return ms;
  });
  const series: number[][] = [[], [], []];
  const beganAt = performance.now();
  while (open > 0) {
    const startedAt = performance.now();
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const nth = Math.floor((startedAt - beganAt) / SERIES_MS);
    series[Math.min(nth, series.length - 1)]?.push(performance.now() - startedAt);
  }
  const longest = Math.max(...(await Promise.all(lives)));
  const p95s = series.map(p95).filter((ms) => !Number.isNaN(ms));
  process.stdout.write(
    `slow headers: ${SOCKETS} sockets, the last closed after ${(longest / 1000).toFixed(1)} s; ` +
      `/health ${series.flat().length} times, p95 ${p95s.map((ms) => ms.toFixed(1)).join(', ')} ms\n`,
  );
  expect(longest).toBeLessThan(ALL_CLOSED_MS);
  // others use this machine too: the best of three series
  expect(Math.min(...p95s)).toBeLessThan(HEALTH_MS);
});
