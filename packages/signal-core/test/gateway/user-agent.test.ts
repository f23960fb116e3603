import { createMemoryStores } from 'signal-core';
import { ScriptedClient, startTestServer } from 'signal-core/testing';
import { expect, onTestFinished, test } from 'vitest';

const LONG = `Firefox ${'x'.repeat(10_000)}`;

async function storedFor(user: Record<string, unknown>, userAgent: string): Promise<string | undefined> {
  const stores = createMemoryStores();
  const { url, close } = await startTestServer({ stores });
  onTestFinished(close);
  const client = await new ScriptedClient({ url, transport: 'websocket', name: 'bob', userAgent }).connect();
  onTestFinished(() => client.close());
  await client.join({ id: 'bob', username: 'bob', ...user });
  const [session] = await stores.presence.sessionsOf('bob');
  return session?.userAgent;
}

test('[LOSS-3] of the user agent of a legacy device no more is kept than tells it apart', async () => {
  expect(await storedFor({}, 'Firefox')).toBe('Firefox');
  expect(await storedFor({}, LONG)).toBe(LONG.slice(0, 256));
});

test('[LOSS-3] of a device that has an id nothing of it is kept', async () => {
  expect(await storedFor({ deviceId: 'phone', protocol: 2 }, LONG)).toBe('');
});
