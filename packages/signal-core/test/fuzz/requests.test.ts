import { expect, onTestFinished, test } from 'vitest';
import { Dice } from './dice.ts';
import { hostileRequest } from './hostile-request.ts';
import { atATime, exchange } from './raw-exchange.ts';
import { fuzzSeed, inputs } from './scale.ts';
import { startServerProcess } from './server-process.ts';
import { trial } from './trial.ts';

/** A fault that was answered, or a place in our code that was told. */
const TOO_MUCH = /^HTTP\/1\.1 500|\n {4}at |&nbsp; &nbsp;at |node_modules/m;

test('[ERR-4] [REST-3] survives raw HTTP requests, and answers none with a fault', async () => {
  const dice = new Dice(fuzzSeed('requests'));
  const server = await startServerProcess({ limits: 'off', metrics: true });
  onTestFinished(() => server.stop());
  const telling: string[] = [];
  await trial(server, {
    count: inputs(20_000),
    attack: (count) =>
      atATime(64, count, async () => {
        const request = hostileRequest(dice);
        const answer = await exchange(server.port, request, { how: dice.chance(0.1) ? 'reset' : 'close' });
        if (TOO_MUCH.test(answer)) telling.push(`${request.toString('latin1', 0, 500)}\n→ ${answer.slice(0, 500)}`);
      }),
  });
  expect(telling.slice(0, 3)).toEqual([]);
}, 240_000);
