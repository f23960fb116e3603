import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isWithoutChromium, launchChromium } from '../../../signal-core/test/browser/chromium.ts';
import { run } from '../server-process.ts';
import { button, callWith, says, talk, twoPeople } from './person.ts';
import { plays, probe } from './probes.ts';

describe.skipIf(isWithoutChromium)('a call in Chromium outlives', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  test('[PAGE-12] the server, killed and started again: the pictures go on, the call resumes, and can be hung up', async () => {
    const killed = run(['--port', '0']);
    const url = String((await killed.line('listening')).url);
    const [alice, bob] = await twoPeople(browser, url);
    await talk(alice, bob);
    const before = await probe(alice, 'iceRound');
    await Promise.all([plays(alice, 'Bob'), plays(bob, 'Alice')]);

    killed.child.kill('SIGKILL');
    await Promise.all([says(alice, 'Reconnecting…'), says(bob, 'Reconnecting…')]);
    await Promise.all([callWith(alice, 'Bob').waitFor(), callWith(bob, 'Alice').waitFor()]);
    await Promise.all([plays(alice, 'Bob'), plays(bob, 'Alice')]);

    const again = run(['--port', new URL(url).port]);
    await again.line('listening');
    await Promise.all([says(alice, 'Connected'), says(bob, 'Connected')]);
    await Promise.all([beganAnew(alice, before), beganAnew(bob, before)]);
    await Promise.all([plays(alice, 'Bob'), plays(bob, 'Alice')]);

    await button(alice, 'Hang up').click();
    await Promise.all([says(alice, 'Call ended: you hung up'), says(bob, 'Call ended: Alice hung up')]);
    await talk(alice, bob);
  });

  test('[PAGE-12] the network of both, which went and came: ICE starts again, and the pictures go on', async () => {
    const server = run(['--port', '0']);
    const [alice, bob] = await twoPeople(browser, String((await server.line('listening')).url));
    await talk(alice, bob);
    await Promise.all([plays(alice, 'Bob'), plays(bob, 'Alice')]);
    const before = await probe(alice, 'iceRound');

    const contexts = [alice.context(), bob.context()];
    await Promise.all(contexts.map((context) => context.setOffline(true)));
    for (const page of [alice, bob]) await page.waitForFunction(() => !Object(globalThis).navigator.onLine);
    await Promise.all(contexts.map((context) => context.setOffline(false)));
    await Promise.all([beganAnew(alice, before), beganAnew(bob, before)]);
    await Promise.all([says(alice, 'Connected'), says(bob, 'Connected')]);
    await Promise.all([plays(alice, 'Bob'), plays(bob, 'Alice')]);
    await button(bob, 'Hang up').click();
    await says(alice, 'Call ended: Bob hung up');
  });
});

/** Until both ends have new names for themselves, as after a restart of ICE. */
async function beganAnew(page: Page, before: readonly unknown[]): Promise<void> {
  await expect
    .poll(async () => (await probe(page, 'iceRound')).some((name) => before.includes(name)), { timeout: 20_000 })
    .toBe(false);
}
