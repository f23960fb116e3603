import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { drawLadder } from '../draw-ladder.js';
import { pairTimelines } from '../pair-timelines.js';

const DEMO = fileURLToPath(new URL('../demo.js', import.meta.url));

/** Runs the demo in a process group of its own, so that whatever it leaves behind can be found. */
function startDemo(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [DEMO], { detached: true, env: { ...process.env, ...env } });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ended = once(child, 'close').then(([code]) => ({ code, lines, stderr, leftRunning: groupExists(child.pid) }));
  return { child, reader, ended };
}

function groupExists(pid: number | undefined): boolean {
  if (pid === undefined) throw new Error('not started');
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

it('[CLI-17] the demo makes a real call, draws its ladder, exits 0 and leaves nothing running', async () => {
  const { code, lines, stderr, leftRunning } = await startDemo().ended;
  expect({ code, stderr, leftRunning }).toEqual({ code: 0, stderr: '', leftRunning: false });
  const rungs = [
    /join +◀?─/,
    /call_user +─ video, offer \d+ bytes ─*▶ +incoming_call +\d+\.\d ms/,
    /call_accepted +◀─* answer \d+ bytes ─ +accept_call +\d+\.\d ms/,
    /ice_candidates +─ \d+ candidates.* ─*▶ +ice_candidates +\d+\.\d ms/,
    /ice_candidates +◀─* \d+ candidates.* ─ +ice_candidates +\d+\.\d ms/,
    /message +═ hello from alice .*▶ +message/,
    /message +◀ hello from bob.*═ +message/,
    /end_call +─*▶ +call_ended +\d+\.\d ms/,
    /candidates +alice \d+ host, bob \d+ host/,
    /ICE connected +alice \d+\.\d ms, bob \d+\.\d ms/,
    /channel open +alice \d+\.\d ms, bob \d+\.\d ms/,
    /alice heard: "hello from bob, who heard: hello from alice"/,
    /bob heard: "hello from alice"/,
    /call +completed; set up in/,
  ];
  for (const rung of rungs) expect(lines.join('\n')).toMatch(rung);
  for (const line of lines) expect([...line].length).toBeLessThanOrEqual(80);
});

it('[CLI-17] Ctrl-C in the middle exits 130 and leaves nothing running', async () => {
  const { child, reader, ended } = startDemo();
  reader.on('line', (line) => {
    if (line.includes('signal-cli call')) child.kill('SIGINT');
  });
  const { code, lines, stderr, leftRunning } = await ended;
  expect({ code, stderr, leftRunning }).toEqual({ code: 130, stderr: '', leftRunning: false });
  expect(lines.at(-1)).toBe('Stopped; nothing is left running.');
});

it('[CLI-17] a demo that cannot work says why, exits 1 and leaves nothing running', async () => {
  const { code, stderr, leftRunning } = await startDemo({ NODE_OPTIONS: '--no-addons' }).ended;
  expect(stderr).toContain('It did not work: bob exited with 2');
  expect(stderr).toContain('@roamhq/wrtc');
  expect({ code, leftRunning }).toEqual({ code: 1, leftRunning: false });
});

const entry = (at: number, direction: string, event: string, summary = '') => ({
  at,
  direction,
  event,
  summary,
  callId: 'c1',
});

it('[CLI-17] the ladder pairs what was sent with what it arrived as', () => {
  const steps = pairTimelines({
    alice: [
      entry(0, 'sent', 'call_user', 'video'),
      entry(2, 'sent', 'ice_candidates', '2 candidates'),
      entry(3, 'sent', 'ice_candidates', 'end of candidates'),
      entry(21, 'received', 'call_accepted'),
      entry(30, 'sent', 'end_call'),
    ],
    bob: [
      entry(1, 'received', 'incoming_call', 'from alice'),
      entry(20, 'sent', 'accept_call', 'answer'),
      entry(22, 'received', 'ice_candidates', '2 candidates'),
      entry(23, 'received', 'ice_candidate', 'end of candidates'),
    ],
  });
  expect(steps.map(({ event, arrival, relayMs, kind }) => [event, arrival, relayMs, kind])).toEqual([
    ['call_user', 'incoming_call', 1, 'relay'],
    ['ice_candidates', 'ice_candidates', 20, 'relay'],
    ['ice_candidates', 'ice_candidate', 20, 'relay'],
    ['accept_call', 'call_accepted', 1, 'relay'],
    ['end_call', undefined, undefined, 'to_server'],
  ]);
});

it('[CLI-17] no ladder line is wider than 80 columns, however long the names and summaries', () => {
  const long = 'x'.repeat(200);
  const alice = ['sent', 'received', 'local'].flatMap((direction) => [
    entry(0, direction, 'ice_candidates', long),
    entry(999_999, direction, 'message_sent', long),
  ]);
  const lines = drawLadder(pairTimelines({ alice, bob: alice }), ['alice', 'bob']);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});
