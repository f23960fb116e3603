import { CommanderError } from 'commander';
import type { Run } from './commands/choose.js';
import type { Context } from './commands/context.js';
import { settle } from './config/settle.js';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { Output, type Streams } from './output.js';
import { createProgram } from './program.js';
import type { Flags } from './settings.js';

/**
 * Runs one command line to its end.
 *
 * @param argv - arguments after the program's name
 * @param interrupt - Ctrl-C, and what is to be known about it
 * @returns the exit code
 */
export async function run(
  argv: readonly string[],
  streams: Streams,
  interrupt: Pick<Context, 'signal' | 'allowToEnd'>,
): Promise<number> {
  let chosen: { run: Run; takesProblems: boolean } | undefined;
  const program = createProgram(streams, (run, { takesProblems = false } = {}) => {
    chosen = { run, takesProblems };
  });
  // of flags that are wrong no more is known
  const hasJson = argv.includes('--json') ? { json: true as const } : {};
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    // commander has not told this: it would quote what must not be shown
    if (error instanceof Failure) return explain(error, new Output(hasJson, streams));
    // Help and version leave by the same way, with 0; bare help, after no command at all, is a mistake.
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    // commander has told people
    if (hasJson.json) showFailure(new Failure('usage', complaintOf(error)), new Output(hasJson, streams));
    return EXIT.usage;
  }
  const { settings, problem } = settle(program.opts<Flags>());
  const output = new Output(settings, streams);
  if (!chosen) return EXIT.usage;
  if (problem && !chosen.takesProblems) return explain(problem, output);
  try {
    return await chosen.run({ settings, problem, output, ...interrupt });
  } catch (error) {
    return explain(error, output);
  }
}

function explain(error: unknown, output: Output): number {
  const failure = error instanceof Failure ? error : new Failure('internal', text(error), { cause: error });
  if (output.json) showFailure(failure, output);
  if (failure.exit !== 'interrupted') output.problem(failure.message);
  if (failure.exit === 'internal' && output.verbose && error instanceof Error) output.note(error.stack ?? '');
  return failure.exitCode;
}

function showFailure({ exit, exitCode, message }: Failure, output: Output): void {
  output.show({ type: 'result', ok: false, exitCode, error: { code: exit, message } }, '');
}

function complaintOf({ code, message }: CommanderError): string {
  return code === 'commander.help' ? 'no command' : message.replace(/^error: /, '');
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
