import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder of its own for a test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'signal-server-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** A file with this text, in a folder of its own. */
export function written(text: string, { name = 'config.json', mode = 0o600 } = {}): string {
  const path = join(folder(), name);
  writeFileSync(path, text, { mode });
  return path;
}
