import type { Command } from 'commander';
import { chooseRenderer } from '../screen/choose-renderer.js';
import type { Choose } from './choose.js';

/** Without a command there is the dashboard, on a terminal; elsewhere that is wrong usage, as ever. */
export function addDashboard(program: Command, choose: Choose): void {
  if (chooseRenderer(process, {}) !== 'tui') return;
  program.argument('[command]').action((name: string | undefined, options: { json?: true; plain?: true }) => {
    if (name !== undefined) program.error(`error: unknown command '${name}'`, { code: 'commander.unknownCommand' });
    if (chooseRenderer(process, options) !== 'tui') program.help({ error: true });
    choose(async (context) => (await import('./dashboard.js')).dashboard(context));
  });
}
