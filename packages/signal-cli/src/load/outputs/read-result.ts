import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { z } from 'zod';
import { Failure } from '../../failure.js';
import { cleanText } from '../../format/clean-text.js';
import { Durations } from '../histograms.js';
import { type LoadResult, type Sample, type Summary, summarySchema, type Trace, traceSchema } from '../result.js';
import { SUMMARY_FILE, TIMESERIES_FILE, TRACES_FILE } from './output-files.js';
import { readTimeseriesCsv } from './timeseries-csv.js';

const VERSION = summarySchema.shape.version.value;

/**
 * Reads a summary from its file, or from the folder of a run.
 *
 * @throws {@link Failure} `usage`, when it is none, or of a newer version
 * @see SPEC.md, rule REPORT-9
 */
export async function readSummary(path: string): Promise<Summary> {
  return parseSummary(await fileOf(path));
}

/** As {@link readSummary}, with the samples and traces that lie beside it. */
export async function readResult(path: string): Promise<LoadResult> {
  const file = await fileOf(path);
  const summary = await parseSummary(file);
  // under another name it was taken out of its folder, and what lies beside it is of something else
  if (basename(file) !== SUMMARY_FILE) return { summary, samples: [], traces: [] };
  const dir = dirname(file);
  const samples = await readBeside<Sample[]>(join(dir, TIMESERIES_FILE), readTimeseriesCsv);
  const traces = await readBeside<Trace[]>(join(dir, TRACES_FILE), (text) =>
    traceSchema.array().parse(JSON.parse(text)),
  );
  return { summary, samples: samples ?? [], traces: traces ?? [] };
}

async function fileOf(path: string): Promise<string> {
  try {
    return (await stat(path)).isDirectory() ? join(path, SUMMARY_FILE) : path;
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function parseSummary(file: string): Promise<Summary> {
  const found = jsonOf(await textOf(file), file);
  if (typeof found === 'object' && found !== null && 'version' in found) {
    const { version } = found;
    if (typeof version === 'number' && version > VERSION) {
      throw new Failure(
        'usage',
        `${file} is of version ${version}, and this signal-cli reads ${VERSION}: use a newer one`,
      );
    }
  }
  const parsed = summarySchema.safeParse(found);
  if (!parsed.success) throw new Failure('usage', `${file} is no summary of a load run: ${firstIssue(parsed.error)}`);
  for (const [phase, { histogram }] of Object.entries(parsed.data.phases)) {
    if (!isHistogram(histogram)) throw new Failure('usage', `${file}: the histogram of ${phase} cannot be read`);
  }
  return parsed.data;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** What is not there is left out: a folder may have been tidied up. */
async function readBeside<T>(file: string, read: (text: string) => T): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
  try {
    return read(text);
  } catch {
    throw new Failure('usage', `${file} cannot be read: it was not written by this version, or was changed`);
  }
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure('usage', `${file} is no JSON`);
  }
}

function isHistogram(text: string): boolean {
  try {
    new Durations().add(text);
    return true;
  } catch {
    return false;
  }
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  return issue === undefined
    ? 'it does not fit'
    : cleanText(`${issue.path.join('.') || 'all of it'}: ${issue.message}`);
}

function unreadable(file: string, error: unknown): Failure {
  const code = codeOf(error);
  return new Failure('usage', code === 'ENOENT' ? `there is no ${file}` : `cannot read ${file}: ${code}`, {
    cause: error,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
