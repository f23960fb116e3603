import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { SOCKET_IO } from './socket-io.ts';

const PEER = readFileSync(new URL('./legacy-peer.js', import.meta.url), 'utf8');

/** A client of the legacy protocol with a camera and a microphone; it answers whoever calls. */
export interface LegacyPeer {
  call(username: string): Promise<void>;
  hangUp(): Promise<void>;
  framesDecoded(): Promise<number>;
  /** Until it was told that its call is over. */
  isOver(): Promise<void>;
}

/** @param page - of the server's origin, where nobody is logged in */
export async function legacyPeer(page: Page, name: string): Promise<LegacyPeer> {
  await page.evaluate(`${SOCKET_IO}\n;${PEER}`);
  await page.evaluate((name) => Object(globalThis).startLegacyPeer(name), name);
  return {
    call: (username) => page.evaluate((username) => Object(globalThis).legacyPeer.call(username), username),
    hangUp: () => page.evaluate(() => Object(globalThis).legacyPeer.hangUp()),
    framesDecoded: () => page.evaluate(() => Object(globalThis).legacyPeer.framesDecoded()),
    isOver: () => expect.poll(() => page.evaluate(() => Object(globalThis).legacyPeer.isOver())).toBe(true),
  };
}
