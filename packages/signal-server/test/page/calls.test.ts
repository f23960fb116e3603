import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isWithoutChromium, launchChromium } from '../../../signal-core/test/browser/chromium.ts';
import { button, callWith, dialog, logIn, openTab, says, talk, twoPeople, video, visit } from './person.ts';
import { hearsBeeps, hearsNothing, plays, probe } from './probes.ts';
import { served } from './served.ts';

describe.skipIf(isWithoutChromium)('calls between two Chromiums', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  test('[PAGE-5] [PAGE-8] [PAGE-9] a video call: pictures both ways, mute, camera, screen, hang up', async () => {
    const [alice, bob] = await twoPeople(browser, await served());
    await button(alice, 'Video call Bob').click();
    await callWith(alice, 'Bob').getByText('Ringing…').waitFor();
    await says(alice, 'Ringing at Bob…');
    await dialog(bob, 'Alice').getByText('Video call').waitFor();
    expect(await bob.title()).toBe('Alice is calling – Signal');
    await button(bob, 'Answer').click();
    await Promise.all([says(alice, 'Connected'), says(bob, 'Connected')]);
    await Promise.all([callWith(alice, 'Bob').waitFor(), callWith(bob, 'Alice').waitFor()]);
    await Promise.all([plays(alice, 'Bob'), plays(bob, 'Alice')]);
    expect(await bob.getByRole('listitem').innerText()).toContain('in a call');

    const quality = alice.getByRole('group', { name: 'Connection quality' });
    for (const figure of [/Round trip\s+\d+ ms/, /Loss\s+0\.\d %/, /↑ [\d.]+ .bit\/s {2}↓ [\d.]+ .bit\/s/, /host/]) {
      await expect.poll(() => quality.innerText(), { timeout: 10_000 }).toMatch(figure);
    }

    await hearsBeeps(bob);
    await toggle(alice, 'Mute', true);
    await bob.getByText('Muted', { exact: true }).waitFor();
    await hearsNothing(bob);
    await toggle(alice, 'Mute', false);
    await bob.getByText('Muted', { exact: true }).waitFor({ state: 'detached' });
    await hearsBeeps(bob);

    await toggle(alice, 'Camera off', true);
    await video(bob, 'Alice').waitFor({ state: 'hidden' });
    await toggle(alice, 'Camera off', false);
    await plays(bob, 'Alice');

    await toggle(alice, 'Share screen', true);
    await Promise.all([plays(bob, 'Screen of Alice'), plays(bob, 'Alice'), plays(alice, 'Bob')]);
    await toggle(alice, 'Share screen', false);
    await video(bob, 'Screen of Alice').waitFor({ state: 'detached' });
    await plays(bob, 'Alice');

    await button(bob, 'Hang up').click();
    await Promise.all([says(bob, 'Call ended: you hung up'), says(alice, 'Call ended: Bob hung up')]);
    for (const page of [alice, bob]) {
      expect(await page.getByRole('region', { name: /^Call with/ }).count()).toBe(0);
      expect(await probe(page, 'areDevicesFree')).toBe(true);
    }
  });

  test('[PAGE-6] [PAGE-8] several in a row: declined, cancelled, missed, talked', async () => {
    const [alice, bob] = await twoPeople(browser, await served({ ringTimeoutMs: 3_000 }));
    await button(alice, 'Audio call Bob').click();
    await dialog(bob, 'Alice').getByText('Audio call').waitFor();
    await button(bob, 'Decline').click();
    await Promise.all([says(alice, 'Call ended: Bob declined'), says(bob, 'Call ended: you declined')]);

    await button(bob, 'Video call Alice').click();
    await dialog(alice, 'Bob').waitFor();
    await button(bob, 'Hang up').click();
    await Promise.all([says(bob, 'Call ended: you cancelled'), says(alice, 'Call ended: Bob cancelled')]);
    await dialog(alice, 'Bob').waitFor({ state: 'detached' });
    expect(await alice.title()).toBe('Signal');

    await button(bob, 'Audio call Alice').click();
    await dialog(alice, 'Bob').waitFor();
    await Promise.all([says(bob, 'Call ended: nobody answered'), says(alice, 'Call ended: nobody answered')]);

    await button(bob, 'Audio call Alice').click();
    await button(alice, 'Answer').click();
    await Promise.all([says(alice, 'Connected'), says(bob, 'Connected')]);
    await Promise.all([hearsBeeps(alice), hearsBeeps(bob)]);
    expect(await video(bob, 'Alice').isVisible()).toBe(false);
    await button(alice, 'Hang up').click();
    await Promise.all([says(alice, 'Call ended: you hung up'), says(bob, 'Call ended: Alice hung up')]);
  });

  test('[PAGE-6] who talks is busy, and who closes the page is gone', async () => {
    const url = await served();
    const [alice, bob] = await twoPeople(browser, url);
    const carol = await logIn(await visit(browser, url), 'Carol');
    await talk(alice, bob);
    await button(carol, 'Audio call Bob').click();
    await says(carol, 'Call ended: the line is busy');
    await says(bob, 'Connected');
    await alice.close();
    await says(bob, 'Call ended: Alice lost the connection');
    await button(carol, 'Audio call Alice').waitFor({ state: 'detached' });
  });

  test('[PAGE-10] [PAGE-11] three tabs of one user ring together, and two stop when one answers', async () => {
    const url = await served();
    const [alice, first] = await twoPeople(browser, url);
    const others = await Promise.all([1, 2].map(async () => logIn(await openTab(first.context(), url), 'Bob')));
    const tabs = [first, ...others];
    await button(alice, 'Audio call Bob').click();
    await Promise.all(tabs.map((tab) => dialog(tab, 'Alice').waitFor()));
    const [second] = others;
    if (second === undefined) expect.fail('no second tab');
    await button(second, 'Answer').click();
    await Promise.all([says(alice, 'Connected'), says(second, 'Connected')]);
    for (const tab of tabs.filter((tab) => tab !== second)) {
      await says(tab, 'Call ended: answered on another device');
      expect(await dialog(tab, 'Alice').count()).toBe(0);
    }
    await hearsBeeps(alice);
    await button(alice, 'Hang up').click();
    await says(second, 'Call ended: Alice hung up');
  });
});

async function toggle(page: Page, name: string, isPressed: boolean): Promise<void> {
  await button(page, name).click();
  await page.getByRole('button', { name, exact: true, pressed: isPressed }).waitFor();
}
