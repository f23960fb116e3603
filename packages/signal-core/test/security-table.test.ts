import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('../../../', import.meta.url);
const text = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** A row of the table in SECURITY.md names one test: a file and the rule that a test in it begins with. */
const ROW = /^\| (?<items>\d+\.\d+\.\d+[^|]*?) \|.*\| `(?<file>[^`]+)` \[(?<rule>[A-Z]+-\d+)\] \|$/gm;

const rows = [...text('SECURITY.md').matchAll(ROW)].map(({ groups }) => groups ?? {});

test('[SRV-22] every row of the table of SECURITY.md names a test', () => {
  const items = text('SECURITY.md').match(/^\| \d+\.\d+\.\d+.*$/gm) ?? [];
  expect(rows).toHaveLength(items.length);
  expect(items.length).toBeGreaterThan(30);
});

describe.each(rows)('item $items', ({ file = '', rule = '' }) => {
  const path = file.startsWith('signal-server/') ? `packages/${file}` : `packages/signal-core/test/${file}`;

  test(`[SRV-22] ${file} tests ${rule}, which SPEC.md has`, () => {
    expect(existsSync(new URL(path, root)), path).toBe(true);
    expect(text(path)).toContain(`[${rule}]`);
    expect(text('SPEC.md')).toContain(`- **${rule}** `);
  });
});
