import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isWithoutChromium, launchChromium } from '../../../signal-core/test/browser/chromium.ts';
import { run } from '../server-process.ts';
import { faultsOf } from './axe.ts';
import { button, callWith, dialog, logIn, says, talk, twoPeople, video, visit } from './person.ts';
import { plays } from './probes.ts';

/** Where pictures of all screens are put, for people to look at. */
const FOLDER = process.env.PAGE_SCREENSHOTS;
if (FOLDER !== undefined) mkdirSync(FOLDER, { recursive: true });

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const NARROWEST = { width: 320, height: 568 };

/** A screen in both sizes and both colour schemes: no fault, nothing to scroll to sideways. */
async function inspect(page: Page, name: string): Promise<void> {
  const faults: string[] = [];
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const look = `${name}-${size}-${colorScheme}`;
      // what is dark has other colours, and nothing else
      const found = await (colorScheme === 'dark' ? faultsOf(page, 'color-contrast') : faultsOf(page));
      faults.push(...found.map((fault) => `${look}: ${fault}`));
      if (FOLDER !== undefined) await page.screenshot({ path: join(FOLDER, `${look}.png`) });
    }
  }
  await page.setViewportSize(NARROWEST);
  if (FOLDER !== undefined) await page.screenshot({ path: join(FOLDER, `${name}-narrow.png`) });
  const width = await page.evaluate(() => Object(globalThis).document.documentElement.scrollWidth);
  if (width > NARROWEST.width) faults.push(`${name}: ${width} pixels wide`);
  expect(faults).toEqual([]);
}

describe.skipIf(isWithoutChromium)('every screen in Chromium', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function served() {
    const server = run(['--port', '0']);
    return { server, url: String((await server.line('listening')).url) };
  }

  test('[PAGE-13] without a call', async () => {
    const { url } = await served();
    const alice = await visit(browser, url, { reducedMotion: 'reduce' });
    await inspect(alice, 'login');
    await logIn(alice, 'Alice');
    await inspect(alice, 'alone');
    for (const name of ['Bob', 'Maximiliana Konstantinopolitanska-Featherstonehaugh the Second', '陈伟']) {
      await logIn(await visit(browser, url), name);
    }
    await alice.getByRole('listitem').nth(2).waitFor();
    await inspect(alice, 'people');
    await alice.evaluate(() => {
      const { mediaDevices } = Object(globalThis).navigator;
      mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    });
    await button(alice, 'Video call Bob').click();
    await button(alice, 'Call anyway').waitFor();
    await inspect(alice, 'blocked');
  });

  test('[PAGE-13] in a call', async () => {
    const { url, server } = await served();
    const [alice, bob] = await twoPeople(browser, url, { reducedMotion: 'reduce' });
    await button(alice, 'Video call Bob').click();
    await dialog(bob, 'Alice').waitFor();
    await callWith(alice, 'Bob').getByText('Ringing…').waitFor();
    await inspect(alice, 'outgoing');
    await inspect(bob, 'incoming');
    await button(bob, 'Decline').click();
    await says(alice, 'Call ended: Bob declined');
    await inspect(alice, 'ended');

    await talk(alice, bob);
    await plays(alice, 'Bob');
    await alice.getByText(/^\d+ ms$/).waitFor();
    await inspect(alice, 'video-call');
    await button(bob, 'Share screen').click();
    await button(bob, 'Mute').click();
    await plays(alice, 'Screen of Bob');
    await alice.getByText('Muted', { exact: true }).waitFor();
    await inspect(alice, 'screen-shared');
    await inspect(bob, 'sharing');
    for (const page of [alice, bob]) await button(page, 'Camera off').click();
    await button(bob, 'Share screen').click();
    await video(alice, 'Screen of Bob').waitFor({ state: 'detached' });
    await inspect(alice, 'cameras-off');
    server.child.kill('SIGKILL');
    await says(alice, 'Reconnecting…');
    await inspect(alice, 'reconnecting');
  });
});
