import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * @param rules - all of them unless some are named
 * @returns what axe-core finds wrong with what a page shows now, each as `rule: where`
 */
export async function faultsOf(page: Page, ...rules: string[]): Promise<string[]> {
  if (await page.evaluate(() => !('axe' in globalThis))) await page.evaluate(AXE);
  const { violations }: AxeResults = await page.evaluate(
    (rules) => Object(globalThis).axe.run({ resultTypes: ['violations'], ...(rules.length > 0 && { runOnly: rules }) }),
    rules,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
