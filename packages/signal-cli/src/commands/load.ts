import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { isLoopback } from '../load/loopback.js';
import { type LoadFlags, makePlan } from '../load/make-plan.js';
import { summaryText } from '../load/outputs/summary-text.js';
import { appendStepSummary, beginDurations, prepareOutputDir, writeOutputs } from '../load/outputs/write-outputs.js';
import { plainLine } from '../load/plain-lines.js';
import type { LoadPlan } from '../load/plan.js';
import type { LoadResult, Sample } from '../load/result.js';
import { startLoad } from '../load/run/start-load.js';
import type { RunObserver } from '../load/run-control.js';
import type { Threshold } from '../load/thresholds.js';
import { ownVersion } from '../own-version.js';
import { chooseRenderer } from '../screen/choose-renderer.js';
import { listUsers } from '../session/rest.js';
import { STEP_TIMEOUT_MS } from '../settings.js';
import type { Context } from './context.js';

export interface LoadOptions extends LoadFlags {
  threshold?: Threshold[];
  iOwnThisServer?: true;
  /** Keep each duration by itself. */
  raw?: true;
  /** `--url`, each time it was said. */
  typedUrls: URL[];
}

/** After Ctrl-C calls end, users leave, and what was found is written. */
const TIME_TO_END_MS = 20_000;
const LINE_EVERY_MS = 1000;

/** Places calls at a rate and measures what becomes of them. */
export async function load(context: Context, options: LoadOptions): Promise<number> {
  const { settings, output } = context;
  const plan = planOf(context, options);
  if (options.raw && settings.output === undefined) throw new Failure('usage', '--raw keeps a file: add -o DIR');
  await admit(plan, options.iOwnThisServer === true);
  if (settings.output !== undefined) await prepareOutputDir(settings.output);
  context.allowToEnd(TIME_TO_END_MS);
  const result = await runLoad(context, plan, options);
  const { summary } = result;
  if (settings.output !== undefined) await writeOutputs(settings.output, result);
  else await appendStepSummary(summary);
  const ok = summary.exitCode === EXIT.ok;
  output.show({ type: 'result', ok, exitCode: summary.exitCode, summary }, summaryText(summary));
  if (settings.output !== undefined && !settings.json) output.note(`kept in ${settings.output}`);
  return summary.exitCode;
}

/** On a terminal with a screen of its own, elsewhere line by line. */
async function runLoad(
  context: Context,
  plan: LoadPlan,
  { threshold: thresholds = [], raw }: LoadOptions,
): Promise<LoadResult> {
  const { settings, signal } = context;
  const durationsFile = raw && settings.output !== undefined ? await beginDurations(settings.output) : undefined;
  const parts = { plan, thresholds, signal, version: ownVersion(), durationsFile };
  if (settings.quiet || chooseRenderer(process, settings) === 'lines') {
    return startLoad({ ...parts, observer: plainObserver(context) }).result;
  }
  const [{ LiveRun }, { showLiveRun }] = await Promise.all([
    import('../load/live/live-run.js'),
    import('../load/live/show-live-run.js'),
  ]);
  const live = new LiveRun();
  const { control, result } = startLoad({ ...parts, observer: live });
  const screen = await showLiveRun(plan, live, control);
  try {
    // a fault of the screen ends the run
    return await Promise.race([result, screen.gone.then(() => result)]);
  } finally {
    await screen.close();
  }
}

function planOf({ settings }: Context, options: LoadOptions): LoadPlan {
  const urls = options.typedUrls.length > 1 ? options.typedUrls : [settings.url];
  if (urls.length > 2) throw new Failure('usage', '--url can be said twice: where callers are, and where callees are');
  const { path, seed, timeout: stepTimeoutMs = STEP_TIMEOUT_MS } = settings;
  return makePlan(options, { urls, path, seed, stepTimeoutMs });
}

/** Only a server of one's own is put under load, and one that lets anybody in. */
async function admit({ urls, stepTimeoutMs }: LoadPlan, isOwn: boolean): Promise<void> {
  for (const href of urls) {
    const url = new URL(href);
    if (!isOwn && !isLoopback(url)) {
      throw new Failure('usage', `${url.host} is another machine: add --i-own-this-server if it is yours to load`);
    }
  }
  for (const href of urls) {
    try {
      await listUsers({ url: new URL(href), timeoutMs: stepTimeoutMs }, true);
    } catch (error) {
      if (!(error instanceof Failure) || error.exit !== 'unauthorized') throw error;
      throw new Failure('unauthorized', `${href} asks who its users are: load needs a server in open mode`, {
        cause: error,
      });
    }
  }
}

/** Lines of text, or of JSON. */
function plainObserver({ output }: Context): RunObserver {
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    sample: (sample: Sample) => {
      const now = performance.now();
      // with --json all of them: programs have no trouble to keep up
      if (!output.json && now - shownAt < LINE_EVERY_MS * 0.9) return;
      shownAt = now;
      output.progress({ type: 'sample', ...sample }, plainLine(sample));
    },
    note: (text) => output.note(text),
  };
}
