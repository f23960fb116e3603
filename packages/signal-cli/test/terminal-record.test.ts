import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const RECORDER = fileURLToPath(new URL('../scripts/record/main.mjs', import.meta.url));

// moments of a terminal, which a busy machine shows later than they are waited for: run where somebody looks
test.skipIf(!hasTmux() || process.env.CI === 'true')(
  '[DASH-2] [DASH-5] fifty users, a filter, calls, a ladder, 60 columns, a load run: as docs/terminal.md has them',
  // a frame is what is there at one moment: on a busy machine it may be the moment before
  { timeout: 120_000, retry: 2 },
  async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [RECORDER, '--check']);
    expect(stdout + stderr).toBe('');
  },
);

function hasTmux(): boolean {
  try {
    return execFileSync('tmux', ['-V'], { encoding: 'utf8' }).startsWith('tmux');
  } catch {
    return false;
  }
}
