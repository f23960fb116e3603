import { startTestServer } from 'signal-core/testing';
import { afterAll, expect, it } from 'vitest';
import { CliRunner, lastOf } from './support/cli.js';

const cli = new CliRunner();
afterAll(() => cli.close());

/** Answers the question for the users once everybody has asked: then all of them call at once. */
function startServerFor(callers: number) {
  const waiting: (() => void)[] = [];
  return startTestServer({
    host: (signaling) => {
      const handler = signaling.handler();
      return (request, response) => {
        if (request.url !== '/api/users') return handler(request, response);
        if (waiting.push(() => handler(request, response)) < callers) return;
        for (const answer of waiting.splice(0)) answer();
      };
    },
  });
}

it.each([
  ['recorded', []],
  ['real', ['--rtc']],
])('[CLI-19] two who call each other at once are in one %s call, the second as its callee', async (_kind, flags) => {
  const server = await startServerFor(2);
  const call = (to: string, user: string) =>
    cli.run(['call', to, '--hold', '500ms', '--json', '--user', user, '--url', server.url, ...flags]);
  const both = await Promise.all([call('bob', 'alice'), call('alice', 'bob')]);
  const results = both.map((side) => lastOf(side, 'result'));
  expect(results.map(({ role }) => role).sort()).toEqual(['callee', 'caller']);
  expect(results[0]?.callId).toBe(results[1]?.callId);
  expect(both.flatMap(({ records }) => records)).toContainEqual(
    expect.objectContaining({ event: 'ack', summary: expect.stringContaining('call_user: refused, glare') }),
  );
  for (const result of results) {
    expect(result).toMatchObject({ outcome: 'completed', exitCode: 0 });
    expect(result.media).toMatchObject(
      flags.length > 0 ? { messageReceived: expect.stringContaining('hello from') } : { verified: true },
    );
  }
  await server.close();
});
