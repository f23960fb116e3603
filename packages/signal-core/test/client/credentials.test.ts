import type { Traffic } from 'signal-core/client';
import { expect, it } from 'vitest';
import { all } from './heard.ts';
import { JOINED, scriptedServer } from './scripted-server.ts';
import { guestsOf, stage } from './stage.ts';

/** A server whose tokens lapse in 6 s, and that refuses so many new ones before it takes any. */
async function lapsing(refusals: number) {
  let left = refusals;
  const shown: string[] = [];
  const waiting: (() => void)[] = [];
  const url = await scriptedServer({
    onJoin(socket, answer) {
      socket.on('auth_refresh', ({ token }, reply) => {
        left -= 1;
        const error = { code: 'unavailable', message: 'later' };
        reply(left >= 0 ? { ok: false, error } : { ok: true, expiresAt: Date.now() + 3_600_000 });
        shown.push(token);
        for (const resolve of waiting.splice(0)) resolve();
      });
      answer({ ...JOINED, expiresAt: Date.now() + 6_000 });
    },
  });
  const refreshed = () => new Promise<void>((resolve) => waiting.push(resolve));
  return { ...guestsOf(url), shown, refreshed };
}

it('[CLIENT-27] a token of a function is renewed before it lapses; a refusal is reported, and it is tried again', async () => {
  const { join, shown, refreshed } = await lapsing(1);
  const reported: unknown[] = [];
  const onListenerError = (error: unknown) => reported.push(error);
  let count = 0;
  // the first one has its chance earlier
  const fixed = await join('bob', { token: 'always the same' });
  const alice = await join('alice', { token: async () => `token-${++count}`, onListenerError });
  const states = all(alice.client, 'state');
  while (shown.length < 2) await refreshed();
  expect(shown).toEqual(['token-2', 'token-3']);
  expect(reported).toEqual([expect.objectContaining({ code: 'unavailable' })]);
  expect([states, fixed.client.state]).toEqual([[], 'joined']);
});

it('[CLIENT-27] a function that throws is reported, and the connection stays', async () => {
  const { join, shown, refreshed } = await lapsing(0);
  const reported: unknown[] = [];
  let count = 0;
  const token = () => {
    count += 1;
    if (count === 2) throw new Error('no network');
    return `token-${count}`;
  };
  const alice = await join('alice', { token, onListenerError: (error) => reported.push(error) });
  await refreshed();
  expect(shown).toEqual(['token-3']);
  expect(reported).toEqual([new Error('no network')]);
  expect(alice.client.state).toBe('joined');
});

it('[CLIENT-27] a real server takes it, and the name is the one that it knows', async () => {
  let issued = 0;
  const verifyToken = (token: string) => ({
    id: 'alice',
    username: 'Alice Liddell',
    expiresAt: Date.now() + (token === 'token-1' ? 6_000 : 3_600_000),
  });
  const { guest } = await stage({ auth: { verifyToken } });
  const { promise, resolve } = deferred<Traffic>();
  const { client } = await guest('whatever', {
    user: { id: 'alice', username: 'whatever' },
    token: () => `token-${++issued}`,
    onTraffic: (traffic) => {
      if (traffic.direction === 'ack' && traffic.event === 'auth_refresh') resolve(traffic);
    },
  });
  await client.connect();
  expect(client.user).toEqual({ id: 'alice', username: 'Alice Liddell' });
  expect((await promise).payload).toEqual({ ok: true, expiresAt: expect.any(Number) });
  expect([client.state, issued]).toEqual(['joined', 2]);
});

function deferred<T>() {
  let settle: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value: T) => settle(value) };
}
