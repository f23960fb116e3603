import { afterAll, expect, it } from 'vitest';
import type { Summary } from '../src/load/result.js';
import { CliRunner, lastOf } from './support/cli.js';
import { startLegacyServer } from './support/legacy-server.js';

const cli = new CliRunner();
afterAll(() => cli.close());

type Tamper = Parameters<typeof startLegacyServer>[0];

/** A short run against a server of the legacy protocol that does that to what it relays. */
async function against(tamper: Tamper, ...args: string[]): Promise<Summary> {
  const server = await startLegacyServer(tamper);
  const flags = ['--users', '20', '--rate', '5/s', '--duration', '2s', '--hold', '200ms', '--timeout', '1s', '--json'];
  const result = await cli.run(['load', '--url', server.url, ...flags, ...args]);
  await server.close();
  return lastOf(result, 'result').summary as Summary;
}

it('[LOAD-1] a server of the legacy protocol serves as well', async () => {
  const mix = ['--reject', '20%', '--cancel', '20%', '--no-answer', '10%', '--seed', '3'];
  const { counters, audit } = await against(undefined, ...mix);
  expect(counters.failures).toEqual({});
  expect(counters.outcomes).toMatchObject({ failed: 0, busy: 0, offline: 0 });
  expect(counters.ice).toMatchObject({ lost: 0, duplicated: 0, reordered: 0, misrouted: 0 });
  expect(counters.ice.received).toBeGreaterThan(0);
  expect(audit).toEqual({ orphans: [], activeCalls: null, onlineUsers: null, serverRssMiB: null });
});

it('[LOAD-8] candidates that do not come are lost, and fail the call', async () => {
  let relayed = 0;
  const { counters } = await against((event, payload) => {
    if (event === 'ice_candidate') relayed += 1;
    return event === 'ice_candidate' && relayed === 5 ? undefined : payload;
  });
  expect(counters.ice.lost).toBe(1);
  expect(counters.outcomes).toMatchObject({ completed: 9, failed: 1 });
  expect(counters.failures).toEqual({ timeout_candidates: 1 });
});

it('[LOAD-8] a description that is changed fails the call', async () => {
  const { counters } = await against((event, payload) =>
    event === 'incoming_call' ? { ...payload, offer: { type: 'offer', sdp: 'v=0\r\n' } } : payload,
  );
  expect(counters.outcomes).toMatchObject({ completed: 0, failed: 10 });
  expect(counters.failures).toEqual({ wrong_payload: 10 });
});

it('[LOAD-8] an answer that does not come fails the call, by its step', async () => {
  const { counters } = await against((event, payload) => (event === 'call_accepted' ? undefined : payload));
  expect(counters.failures).toEqual({ timeout_call_accepted: 10 });
});

it('[LOAD-9] a call whose end is not told is an orphan', async () => {
  const { audit, counters } = await against((event, payload) => (event === 'call_ended' ? undefined : payload));
  expect(counters.failures).toEqual({ timeout_call_ended: 10 });
  expect(audit.orphans).toHaveLength(10);
  expect(audit.orphans[0]).toMatchObject({
    callId: expect.stringMatching(/^call-/),
    why: expect.stringContaining('callee'),
  });
});

it('[LOAD-8] two who call each other at once have two calls where nothing prevents it', async () => {
  const { counters } = await against(undefined, '--topology', 'glare');
  expect(counters.failures).toEqual({ two_calls: 10 });
});

it('[LOAD-8] who is in a call is rung again where nothing prevents it', async () => {
  const { counters } = await against(undefined, '--topology', 'hot-callee', '--hold', '1s');
  expect(counters.failures.rang_in_call).toBeGreaterThan(0);
});
