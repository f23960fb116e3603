import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isWithoutChromium, launchChromium } from '../../../signal-core/test/browser/chromium.ts';
import { button, logIn, openTab, says, twoPeople, video, visit } from './person.ts';
import { plays } from './probes.ts';
import { served } from './served.ts';

describe.skipIf(isWithoutChromium)('the call page in Chromium', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  test('[PAGE-9] [PAGE-10] two who call each other at once have one call, where camera and screen go on and off', async () => {
    const [alice, bob] = await twoPeople(browser, await served());
    // not by the mouse: the dialog that may come between would have it
    await Promise.all([
      button(alice, 'Video call Bob').dispatchEvent('click'),
      button(bob, 'Audio call Alice').dispatchEvent('click'),
    ]);
    await Promise.all([says(alice, 'Connected'), says(bob, 'Connected')]);
    for (const page of [alice, bob]) expect(await page.getByRole('alertdialog').count()).toBe(0);
    await plays(bob, 'Alice');

    for (const [me, other, name] of [
      [alice, bob, 'Alice'],
      [bob, alice, 'Bob'],
    ] as const) {
      await button(me, 'Share screen').click();
      await plays(other, `Screen of ${name}`);
      await button(me, 'Share screen').click();
      await video(other, `Screen of ${name}`).waitFor({ state: 'detached' });
    }
    await button(bob, 'Camera off').click();
    await plays(alice, 'Bob');
    await button(alice, 'Camera off').click();
    await video(bob, 'Alice').waitFor({ state: 'hidden' });
    await button(alice, 'Hang up').click();
    await says(bob, 'Call ended: Alice hung up');
  });

  test('[PAGE-7] without camera and microphone a call is not placed, but can be all the same, and one that comes in is answered', async () => {
    const [alice, bob] = await twoPeople(browser, await served());
    await bob.evaluate(() => {
      const { mediaDevices } = Object(globalThis).navigator;
      mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError'));
    });
    await button(bob, 'Video call Alice').click();
    await says(bob, 'No microphone was found. No camera was found.');
    await button(bob, 'Call anyway').click();
    await button(alice, 'Answer').click();
    await plays(bob, 'Alice');
    await alice.getByText('Muted', { exact: true }).waitFor();
    await button(alice, 'Hang up').click();
    await says(bob, 'Call ended: Alice hung up');
    await button(alice, 'Video call Bob').click();
    await button(bob, 'Answer').click();
    await says(bob, 'Connected. No microphone was found. No camera was found.');
    await plays(bob, 'Alice');
  });

  test('[PAGE-11] the name is remembered for the tab, until it logs out; another tab is another device', async () => {
    const url = await served();
    const alice = await logIn(await visit(browser, url), 'Alice');
    await alice.reload();
    await alice.getByText('You are Alice').waitFor();
    const second = await openTab(alice.context(), url);
    expect(await second.getByLabel('Your name').inputValue()).toBe('');
    await second.getByLabel('Your name').fill('Alice');
    await second.keyboard.press('Enter');
    await second.getByText('You are Alice').waitFor();
    expect(await alice.getByText('You are Alice').count()).toBe(1);
    await button(alice, 'Log out').click();
    expect(await alice.getByLabel('Your name').inputValue()).toBe('Alice');
    await alice.reload();
    expect(await alice.getByLabel('Your name').inputValue()).toBe('');
  });
});
