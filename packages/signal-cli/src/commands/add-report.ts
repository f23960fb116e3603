import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Run } from './choose.js';
import type { DiffOptions } from './report.js';

const RESULT = 'the folder of a run, or its summary.json';

/** The commands that look at what `load` kept. */
export function addReport(program: Command, choose: (run: Run) => void): void {
  const report = program.command('report').description('look at results of load runs, and compare them');
  report
    .command('show')
    .argument('<result>', RESULT)
    .description('print a result')
    .action((path: string) => choose(async (context) => (await import('./report.js')).showReport(context, path)));
  report
    .command('diff')
    .argument('<before>', RESULT)
    .argument('<after>', RESULT)
    .description('compare a result with an earlier one')
    .addOption(
      new Option(
        '--fail-over <percent>',
        'exit with 99 when the p99 of a phase, or CPU a call, is worse by more',
      ).argParser(percent),
    )
    .action((before: string, after: string, options: DiffOptions) =>
      choose(async (context) => (await import('./report.js')).diffReports(context, [before, after], options)),
    );
  report
    .command('html')
    .argument('<result>', RESULT)
    .description('draw the page of a result again, into the file -o')
    .action((path: string) => choose(async (context) => (await import('./report.js')).drawReport(context, path)));
}

/** `20%` is 0.2. */
function percent(text: string): number {
  const match = /^(\d{1,5}(?:\.\d+)?)%$/.exec(text);
  if (match === null) throw new InvalidArgumentError('It should look like 20%.');
  return Number(match[1]) / 100;
}
