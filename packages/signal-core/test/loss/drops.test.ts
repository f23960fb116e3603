import { setTimeout as pause } from 'node:timers/promises';
import { SignalingClient } from 'signal-core/client';
import { startTestServer, type TestServer } from 'signal-core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DroppedCall, type Toll } from './dropped-call.ts';
import { LegacyDroppedCall } from './legacy-dropped-call.ts';

const CALLS = process.env.TEST_SCALE === 'full' ? 500 : 40;
/** Over what time they are placed, so that the machine is not what is tested. */
const SPREAD_MS = CALLS * 80;

let server: TestServer;
let watcher: SignalingClient;

beforeAll(async () => {
  server = await startTestServer();
  watcher = new SignalingClient({ url: server.url, user: { id: 'watcher', username: 'watcher' } });
  await watcher.connect();
});
afterAll(async () => {
  await watcher.close();
  await server.close();
});

/** Makes all the calls at once, and adds up what went wrong. */
async function tollOf(makeCall: (index: number) => Promise<Toll>): Promise<Record<string, number>> {
  const tolls = await Promise.all(
    Array.from({ length: CALLS }, async (_, index) => {
      await pause((index / CALLS) * SPREAD_MS);
      return makeCall(index);
    }),
  );
  const sum: Record<string, number> = {};
  for (const toll of tolls) for (const [what, count] of Object.entries(toll)) sum[what] = (sum[what] ?? 0) + count;
  return sum;
}

test(`[CLIENT-5] [LOSS-3] [PRES-4] ${CALLS} calls, each with a drop of 0.5 to 10 s at a random moment, lose and repeat nothing`, async () => {
  const toll = await tollOf((index) => new DroppedCall(server.url, `resuming-${index}`, watcher).run());
  process.stdout.write(`client: ${JSON.stringify(toll)}\n`);
  expect(toll).toMatchObject({
    drops: CALLS,
    answers: CALLS,
    lost: 0,
    repeated: 0,
    disordered: 0,
    endedEarly: 0,
    flickers: 0,
  });
}, 120_000);

test(`[LOSS-3] [LOSS-4] ${CALLS} legacy calls with such a drop go on, and what was queued arrives once`, async () => {
  const toll = await tollOf((index) => new LegacyDroppedCall(server.url, `legacy-${index}`).run());
  process.stdout.write(`legacy: ${JSON.stringify(toll)}\n`);
  expect(toll).toMatchObject({ drops: CALLS, lost: 0, repeated: 0, disordered: 0, endedEarly: 0 });
}, 120_000);
