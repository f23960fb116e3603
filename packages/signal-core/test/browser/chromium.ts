import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

/** Debian's; `.ci/run` installs it. */
const PROGRAM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--use-fake-device-for-media-stream=fps=10',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

/** Whether tests that need a browser are left out; the gate never leaves them out. */
export const isWithoutChromium = !existsSync(PROGRAM) && !process.env.CI;
if (isWithoutChromium) process.stdout.write(`\nSKIPPED: no ${PROGRAM}, so nothing is tested in a real browser\n\n`);

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: PROGRAM, args: FLAGS });
}

/** A page with cookies of its own, for the length of one test. */
export async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  return context.newPage();
}
