import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { diffSummaries, worseIn } from '../load/outputs/diff.js';
import { diffText } from '../load/outputs/diff-text.js';
import { reportHtml } from '../load/outputs/html/report-html.js';
import { readResult, readSummary } from '../load/outputs/read-result.js';
import { summaryText } from '../load/outputs/summary-text.js';
import { writeWhole } from '../load/outputs/write-outputs.js';
import type { Context } from './context.js';

export interface DiffOptions {
  /** 0.2 is by a fifth. */
  failOver?: number;
}

/** Prints the result of a load run. */
export async function showReport({ output }: Context, path: string): Promise<number> {
  const summary = await readSummary(path);
  output.show({ type: 'summary', ...summary }, summaryText(summary));
  return EXIT.ok;
}

/** Holds a load run against an earlier one. */
export async function diffReports(
  { output }: Context,
  names: readonly [string, string],
  { failOver }: DiffOptions,
): Promise<number> {
  const summaries = [await readSummary(names[0]), await readSummary(names[1])] as const;
  const diff = diffSummaries(...summaries);
  const worse = failOver === undefined ? [] : worseIn(diff, failOver);
  const exitCode = worse.length > 0 ? EXIT.thresholds : EXIT.ok;
  const verdicts = summaries.map(({ verdict }) => verdict.status);
  const changes = summaries.map((summary) => summary.changes);
  output.show(
    { type: 'result', ok: exitCode === EXIT.ok, exitCode, verdicts, changes, ...diff, worse },
    diffText({ names, summaries, diff, failOver }),
  );
  return exitCode;
}

/** Draws the page of a load run again. */
export async function drawReport({ settings, output }: Context, path: string): Promise<number> {
  const { output: file, sources } = settings;
  // elsewhere than on the command line it is a folder, for runs
  if (file === undefined || sources.output?.kind !== 'flag') throw new Failure('usage', 'where to? add -o FILE');
  const page = reportHtml(await readResult(path));
  try {
    await writeWhole(file, page);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : error;
    throw new Failure('usage', `cannot write ${file}: ${reason}`, { cause: error });
  }
  output.show({ type: 'result', ok: true, exitCode: EXIT.ok, file }, `wrote ${file}`);
  return EXIT.ok;
}
