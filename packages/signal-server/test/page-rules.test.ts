import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { isWithoutChromium, launchChromium, newPage } from '../../signal-core/test/browser/chromium.ts';
import { createStandaloneServer } from '../src/index.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const says = (page: Page, text: string) => page.getByRole('status').getByText(text).waitFor();
const videoOf = (page: Page, label: string) => page.locator(`video[aria-label="${label}"]`);

async function served(): Promise<string> {
  const server = createStandaloneServer({ auth: 'open', port: 0, logger: quiet });
  onTestFinished(() => server.close());
  return server.listen();
}

/** Until more of a video was decoded. */
function plays(page: Page, label: string): Promise<unknown> {
  return page.waitForFunction((name) => {
    const { document } = Object(globalThis);
    const video = Object(document.querySelector(`video[aria-label="${name}"]`));
    return video.getVideoPlaybackQuality?.().totalVideoFrames > 5;
  }, label);
}

describe.skipIf(isWithoutChromium)('the call page in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function loggedIn(url: string, name: string): Promise<Page> {
    const page = await newPage(browser);
    await page.goto(url);
    await page.getByLabel('Your name').fill(name);
    await button(page, 'Log in').click();
    await page.getByText(`You are ${name}`).waitFor();
    return page;
  }

  test('[PAGE-9] [PAGE-10] two who call each other at once have one call, where camera and screen go on and off', async () => {
    const url = await served();
    const [alice, bob] = [await loggedIn(url, 'Alice'), await loggedIn(url, 'Bob')];
    await Promise.all([button(alice, 'Video call Bob').waitFor(), button(bob, 'Audio call Alice').waitFor()]);
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
      await videoOf(other, `Screen of ${name}`).waitFor({ state: 'detached' });
    }
    await button(bob, 'Camera off').click();
    await plays(alice, 'Bob');
    await button(alice, 'Camera off').click();
    await videoOf(bob, 'Alice').waitFor({ state: 'hidden' });
    await button(alice, 'Hang up').click();
    await says(bob, 'Call ended: Alice hung up');
  });

  test('[PAGE-7] without camera and microphone a call is not placed, but can be all the same, and one that comes in is answered', async () => {
    const url = await served();
    const [alice, bob] = [await loggedIn(url, 'Alice'), await loggedIn(url, 'Bob')];
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
    await says(bob, 'Connected. No microphone was found.');
    await plays(bob, 'Alice');
  });

  test('[PAGE-11] the name is remembered for the tab, until it logs out; another tab is another device', async () => {
    const url = await served();
    const alice = await loggedIn(url, 'Alice');
    await alice.reload();
    await alice.getByText('You are Alice').waitFor();
    const second = await alice.context().newPage();
    await second.goto(url);
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
