import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isWithoutChromium, launchChromium, newPage } from '../../signal-core/test/browser/chromium.ts';
import { reportHtml } from '../src/load/outputs/html/report-html.ts';
import { junitXml } from '../src/load/outputs/junit.ts';
import { HOSTILE, hostileResult } from './support/hostile.ts';
import { sampleResult } from './support/sample-result.ts';

const dir = mkdtempSync(join(tmpdir(), 'signal-cli-page-'));
const result = sampleResult();

describe.skipIf(isWithoutChromium)('[REPORT-5] report.html in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
    writeFileSync(join(dir, 'sample.html'), reportHtml(result));
    writeFileSync(join(dir, 'hostile.html'), reportHtml(hostileResult()));
  });
  afterAll(async () => {
    await browser.close();
    await rm(dir, { recursive: true });
  });

  /** The page, with every fault and every request that it made. */
  async function open(name: string, width = 1280): Promise<{ page: Page; complaints: string[]; requests: string[] }> {
    const page = await newPage(browser);
    await page.setViewportSize({ width, height: 800 });
    const [complaints, requests]: [string[], string[]] = [[], []];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(join(dir, name)).href, { waitUntil: 'load' });
    return { page, complaints, requests };
  }

  test.each(['sample.html', 'hostile.html'])(
    '[REPORT-5] %s asks for nothing, and has nothing to complain about',
    async (name) => {
      const { page, complaints, requests } = await open(name);
      expect(complaints).toEqual([]);
      expect(requests).toEqual([page.url()]);
      expect(await page.locator('script, link, img, iframe, object, embed, [src], [href], [onerror]').count()).toBe(0);
    },
  );

  test('[REPORT-5] its policy allows no script and nothing from elsewhere', async () => {
    const { page } = await open('sample.html');
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    expect(policy).toBe("default-src 'none'; style-src 'unsafe-inline'");
  });

  test('[REPORT-5] it has a chart of everything, each with a name and something drawn', async () => {
    const { page } = await open('sample.html');
    const charts = page.locator('svg[role=img][aria-label]');
    // calls, concurrency, outcomes; nine phases; two distributions
    expect(await charts.count()).toBe(14);
    const empty = await page.evaluate(
      `[...document.querySelectorAll('svg')].filter((chart) => ![...chart.querySelectorAll('path')].some((path) => path.getTotalLength() > 20)).length`,
    );
    expect(empty).toBe(0);
    const outside = await page.evaluate(`[...document.querySelectorAll('svg')].flatMap((chart) => {
      const frame = chart.getBoundingClientRect();
      return [...chart.querySelectorAll('text, path')].filter((shape) => {
        const { left, right, top, bottom } = shape.getBoundingClientRect();
        return left < frame.left - 1 || right > frame.right + 1 || top < frame.top - 1 || bottom > frame.bottom + 1;
      });
    }).length`);
    expect(outside).toBe(0);
  });

  test.each(['sample.html', 'hostile.html'])(
    '[REPORT-5] %s needs no scrolling sideways at 360 pixels',
    async (name) => {
      const { page } = await open(name, 360);
      await page.evaluate(`for (const each of document.querySelectorAll('details')) each.open = true`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    },
  );

  test('[REPORT-5] it is light or dark as the system is', async () => {
    const { page } = await open('sample.html');
    const lightnessOf = async (scheme: 'light' | 'dark') => {
      await page.emulateMedia({ colorScheme: scheme });
      const color = String(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      return Math.max(...(color.match(/\d+/g) ?? []).map(Number));
    };
    expect(await lightnessOf('light')).toBeGreaterThan(200);
    expect(await lightnessOf('dark')).toBeLessThan(60);
  });

  test('[REPORT-5] traces are ladders that open', async () => {
    const { page } = await open('sample.html');
    const first = page.locator('details').first();
    expect(await first.locator('.ladder').isVisible()).toBe(false);
    await first.locator('summary').click();
    expect(await first.locator('.ladder').innerText()).toContain('incoming_call');
    // those that failed come first
    expect(await first.locator('summary').innerText()).toContain('timeout');
  });

  test('[REPORT-6] what servers wrote is text on the page, and runs nothing', async () => {
    const { page } = await open('hostile.html');
    expect(await page.title()).toMatch(/^INVALID/);
    const text = await page.locator('main').innerText();
    for (const words of HOSTILE.filter((each) => /^[\x20-\x7e]*$/.test(each))) expect(text).toContain(words);
  });

  test('[REPORT-6] junit.xml is well-formed, whatever they wrote', async () => {
    const page = await newPage(browser);
    for (const { summary } of [result, hostileResult()]) {
      await page.evaluate(
        `parsed = new DOMParser().parseFromString(${JSON.stringify(junitXml(summary))}, 'application/xml')`,
      );
      const countOf = (tag: string) => page.evaluate(`parsed.querySelectorAll('${tag}').length`);
      expect(await countOf('parsererror')).toBe(0);
      expect(await countOf('testcase')).toBe(4 + summary.thresholds.length);
      expect(await countOf('failure')).toBe(summary === result.summary ? 0 : 2 + HOSTILE.length);
    }
  });
});
