import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What `probes.js` looks at, in the page. */
interface Probes {
  refused: string[];
  usableAt(): number;
  frames(label: string): Promise<Frames>;
  sound(): Promise<Sound>;
  iceRound(): (string | undefined)[];
  areDevicesFree(): boolean;
}

interface Frames {
  decoded: number;
  shown: number;
}

interface Sound {
  energy: number;
  seconds: number;
}

export const PROBES = fileURLToPath(new URL('./probes.js', import.meta.url));

/** Generous: a machine of two cores encodes and decodes each of these videos by itself. */
const PATIENCE = { timeout: 20_000, interval: 100 };

/** How loud the beeps of the fake microphone are at least; silence is 0. */
const AUDIBLE = 1e-5;

/** @returns what a probe says */
export function probe<K extends keyof Probes>(page: Page, name: K, ...args: string[]): Promise<Answer<K>> {
  return page.evaluate(
    ([name, args]) => {
      const found = Object(globalThis).probes[name];
      return typeof found === 'function' ? found(...args) : found;
    },
    [name, args] as const,
  );
}

type Answer<K extends keyof Probes> = Probes[K] extends (...args: never[]) => infer R ? Awaited<R> : Probes[K];

/** Until frames of this video, of the other end, were decoded and shown that were not there yet. */
export async function plays(page: Page, label: string): Promise<void> {
  const before = await probe(page, 'frames', label);
  await expect
    .poll(async () => {
      const { decoded, shown } = await probe(page, 'frames', label);
      return decoded > before.decoded + 3 && shown > before.shown + 3;
    }, PATIENCE)
    .toBe(true);
}

/** Until a beep of the other end was heard. */
export async function hearsBeeps(page: Page): Promise<void> {
  const before = await probe(page, 'sound');
  await expect.poll(async () => (await probe(page, 'sound')).energy - before.energy, PATIENCE).toBeGreaterThan(AUDIBLE);
}

/** Until nothing was heard for two seconds, in which there are some beeps. */
export async function hearsNothing(page: Page): Promise<void> {
  let before = await probe(page, 'sound');
  await expect
    .poll(async () => {
      const now = await probe(page, 'sound');
      if (now.energy - before.energy > AUDIBLE) before = now;
      return now.seconds - before.seconds;
    }, PATIENCE)
    .toBeGreaterThan(2);
}
