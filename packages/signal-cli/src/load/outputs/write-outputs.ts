import { constants } from 'node:fs';
import { access, appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../failure.js';
import { type LoadResult, type Summary, summarySchema } from '../result.js';
import { reportHtml } from './html/report-html.js';
import { junitXml } from './junit.js';
import { DURATIONS_FILE, SUMMARY_FILE, TIMESERIES_FILE, TRACES_FILE } from './output-files.js';
import { reportMarkdown } from './report-markdown.js';
import { timeseriesCsv } from './timeseries-csv.js';

/**
 * Makes the folder for the outputs, before a run: afterwards would be too late.
 *
 * @throws {@link Failure} `usage`, when it cannot be written to
 */
export async function prepareOutputDir(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK);
  } catch (error) {
    throw new Failure('usage', `cannot write to ${dir}: ${reasonOf(error)}`, { cause: error });
  }
}

/**
 * Begins the file that each duration is written to while a run goes on.
 *
 * @returns where it is
 * @see SPEC.md, rule REPORT-11
 */
export async function beginDurations(dir: string): Promise<string> {
  const file = join(dir, DURATIONS_FILE);
  await writeFile(file, 'phase,ms\n');
  return file;
}

/**
 * Keeps a run in a folder, which is made when it is not there; also in the summary of the CI step.
 *
 * @returns the names of the files
 * @see SPEC.md, rules REPORT-1 and REPORT-8
 */
export async function writeOutputs(dir: string, result: LoadResult): Promise<string[]> {
  const summary = summarySchema.parse(result.summary);
  // the summary first: all else can be made of what the first three hold
  const files: [string, () => string][] = [
    [SUMMARY_FILE, () => `${JSON.stringify(summary, null, 2)}\n`],
    [TIMESERIES_FILE, () => timeseriesCsv(result.samples)],
    [TRACES_FILE, () => `${JSON.stringify(result.traces, null, 2)}\n`],
    ['junit.xml', () => junitXml(summary)],
    ['report.md', () => reportMarkdown(summary)],
    ['report.html', () => reportHtml({ ...result, summary })],
  ];
  await prepareOutputDir(dir);
  for (const [name, text] of files) await writeWhole(join(dir, name), text());
  await appendStepSummary(summary);
  return files.map(([name]) => name);
}

/** Appends the Markdown to the summary of a step in GitHub Actions, when it runs in one. */
export async function appendStepSummary(summary: Summary, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const file = env.GITHUB_STEP_SUMMARY;
  if (file) await appendFile(file, `${reportMarkdown(summary)}\n`);
}

/** A reader, or a second Ctrl-C, never sees half a file. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`;
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
