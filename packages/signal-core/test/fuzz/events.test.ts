import { expect, onTestFinished, test } from 'vitest';
import { Dice } from './dice.ts';
import { flood } from './flood.ts';
import { overWebSocket } from './fuzz-connection.ts';
import { hostileEvent } from './hostile-event.ts';
import { fuzzSeed, inputs } from './scale.ts';
import { startServerProcess } from './server-process.ts';
import { goodToken } from './token-mutants.ts';
import { trial } from './trial.ts';

const CONNECTIONS = 48;

test.each([
  ['open', 'off', 100_000],
  ['open', 'standard', 10_000],
  ['jwt', 'off', 10_000],
] as const)(
  '[ERR-4] survives malformed events: %s, limits %s',
  async (auth, limits, full) => {
    const dice = new Dice(fuzzSeed(`events, ${auth}, limits ${limits}`));
    const server = await startServerProcess({ limits }, auth);
    onTestFinished(() => server.stop());
    const credentials = (name: string) => (auth === 'jwt' ? { token: goodToken(name) } : {});
    await trial(server, {
      credentials,
      count: inputs(full),
      attack: (count, known) => {
        const casts = Array.from({ length: CONNECTIONS }, (_, n) => ({
          self: { id: `mallory-${n}`, username: `mallory ${n}`, ...credentials(`mallory-${n}`) },
          users: [...known.users, `mallory-${n ^ 1}`, `mallory-${(n + 3) % CONNECTIONS}`, 'nobody'],
          calls: [known.callId, `call-${n ^ 1}`, `call-${n}`],
        }));
        return flood({
          url: server.url,
          open: overWebSocket,
          count,
          connections: CONNECTIONS,
          chunk: 50,
          stride: 25,
          // a quarter of them never joined
          greeting: (worker) => ['40', ...(worker % 4 === 0 ? [] : [joinOf(casts[worker]?.self)])],
          frame: (worker) => hostileEvent(casts[worker] ?? expect.fail(), dice),
        });
      },
    });
  },
  240_000,
);

function joinOf(user: object | undefined): string {
  return `42${JSON.stringify(['join', { ...user, deviceId: 'device-1', protocol: 2, presence: 'none' }])}`;
}
