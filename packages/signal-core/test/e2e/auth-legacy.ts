import { readdirSync } from 'node:fs';
import { describe } from 'vitest';
import type { AuthMode } from './auth-mode.ts';

/** Runs the tests of the files legacy-* in another mode; Vitest gives the file that asks for it a process of its own. */
export function runLegacyIn(mode: AuthMode): void {
  process.env.AUTH_MODE = mode;
  const files = readdirSync(import.meta.dirname).filter((name) => /^legacy-.*\.test\.ts$/.test(name));
  for (const file of files) {
    describe(`${file} in the mode ${mode}`, async () => {
      await import(`./${file}`);
    });
  }
}
