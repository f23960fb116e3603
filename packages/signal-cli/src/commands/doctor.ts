import { FAILURE_EXITS, type Finding } from '../doctor/finding.js';
import { localChecks } from '../doctor/local-checks.js';
import { sessionChecks } from '../doctor/session-checks.js';
import { wayChecks } from '../doctor/way-checks.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { plural } from '../format/count.js';
import type { Output } from '../output.js';
import type { Context } from './context.js';
import { untilInterrupted } from './until-stopped.js';

const CHECK_TIMEOUT_MS = 5000;
const STYLE = { ok: 'green', note: 'yellow', fail: 'red', skip: 'dim' } as const;

/** Checks this machine, the way to the server, and the server. */
export async function doctor(context: Context): Promise<number> {
  const { output } = context;
  const findings: Finding[] = [];
  const interrupted = untilInterrupted(context.signal).then(() => {
    throw new Failure('interrupted', 'interrupted');
  });
  // heard of by whoever waits in the loop
  interrupted.catch(() => {});
  const checks = allChecks(context);
  for (;;) {
    const { done, value } = await Promise.race([checks.next(), interrupted]);
    if (done) break;
    findings.push(value);
    show(value, output);
  }
  const failures = findings.filter((finding) => finding.status === 'fail');
  const worst = FAILURE_EXITS.find((exit) => failures.some((failure) => failure.exit === exit));
  const exitCode = EXIT[worst ?? 'ok'];
  const failed = [...new Set(failures.map(({ check }) => check))];
  output.show(
    { type: 'result', ok: exitCode === EXIT.ok, exitCode, failed },
    failed.length === 0 ? 'all is well' : `${plural(failed.length, 'check')} failed: ${failed.join(', ')}`,
    failed.length === 0 ? 'green' : 'red',
  );
  return exitCode;
}

async function* allChecks({ settings, problem }: Context): AsyncGenerator<Finding> {
  const { url, path, timeout: timeoutMs = CHECK_TIMEOUT_MS } = settings;
  const { versions, stdout, env } = process;
  yield* localChecks({ nodeVersion: versions.node, stdout, env }, settings, problem);
  let isThere = false;
  for await (const finding of wayChecks({ url, path, timeoutMs })) {
    const { check, status } = finding;
    isThere ||= (check === 'polling' || check === 'websocket') && status === 'ok';
    yield finding;
  }
  if (isThere) yield* sessionChecks(settings, timeoutMs);
  else for (const check of ['login', 'protocol', 'ice']) yield { status: 'skip', check, detail: 'no Socket.IO there' };
}

function show(finding: Finding, output: Output): void {
  const { status, check, detail, fix } = finding;
  const line = `${(status === 'fail' ? 'FAIL' : status).padEnd(4)}  ${check.padEnd(9)}  ${detail}`;
  const record = { type: 'check', check, status, detail, fix: fix ?? null };
  const text = fix === undefined ? line : `${line}; to mend it: ${fix}`;
  if (status === 'fail' || status === 'note') output.show(record, text, STYLE[status]);
  else output.progress(record, text, STYLE[status]);
}
