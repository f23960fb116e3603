import type { Command } from 'commander';
import type { Shell } from '../completion/shell.js';
import type { Context } from './context.js';
export async function completion(_context: Context, _program: Command, _shell: Shell): Promise<number> {
  return 0;
}
