import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { PROBES } from './probes.ts';

/** Shorter than a test may take: so it is told what was waited for. */
const PATIENCE_MS = 20_000;

/** A browser profile with the page open and nobody logged in, for the length of one test. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript({ path: PROBES });
  return openTab(context, url);
}

export async function openTab(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

export async function logIn(page: Page, name: string): Promise<Page> {
  await page.getByRole('textbox', { name: 'Your name' }).fill(name);
  await button(page, 'Log in').click();
  await page.getByText(`You are ${name}`).waitFor();
  return page;
}

/** @returns their pages, once each can call the other */
export async function twoPeople(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<[alice: Page, bob: Page]> {
  const [alice, bob] = await Promise.all([
    visit(browser, url, options).then((page) => logIn(page, 'Alice')),
    visit(browser, url, options).then((page) => logIn(page, 'Bob')),
  ]);
  await Promise.all([button(alice, 'Video call Bob').waitFor(), button(bob, 'Video call Alice').waitFor()]);
  return [alice, bob];
}

/** Bob answers, and both say that they are connected. */
export async function talk(alice: Page, bob: Page): Promise<void> {
  await button(alice, 'Video call Bob').click();
  await button(bob, 'Answer').click();
  await Promise.all([says(alice, 'Connected'), says(bob, 'Connected')]);
}

export function button(page: Page, name: string): Locator {
  return page.getByRole('button', { name, exact: true });
}

/** Until the live region says it. */
export function says(page: Page, text: string): Promise<void> {
  return page.getByRole('status').getByText(text, { exact: true }).waitFor();
}

export function dialog(page: Page, name: string): Locator {
  return page.getByRole('alertdialog', { name: `${name} is calling`, exact: true });
}

export function video(page: Page, label: string): Locator {
  return page.locator(`video[aria-label="${label}"]`);
}

/** The one place of a call. */
export function callWith(page: Page, name: string): Locator {
  return page.getByRole('region', { name: `Call with ${name}`, exact: true });
}
