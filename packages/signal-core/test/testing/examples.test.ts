import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** A machine with much else to do starts a process slowly. */
const PATIENCE_MS = 60_000;

const page = readFileSync(new URL('../../../../docs/testing.md', import.meta.url), 'utf8');
const examples = Array.from(page.matchAll(/^## (.+)\n[\s\S]*?^```js\n([\s\S]*?)^```/gm), (match) => [
  String(match[1]),
  String(match[2]),
]);

test('[TEST-10] docs/testing.md has examples', () => {
  expect(examples).toHaveLength(3);
});

test.each(examples)(
  '[TEST-10] the example “%s” runs as it stands',
  (_, code) => {
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      encoding: 'utf8',
      timeout: PATIENCE_MS,
    });
    expect(run.stdout).toMatch(/pass [1-9]/);
    expect(run).toMatchObject({ status: 0, stderr: '' });
  },
  PATIENCE_MS,
);
