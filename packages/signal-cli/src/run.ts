import { CommanderError } from 'commander';
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';
import { Output, type Streams } from './output.js';
import { createProgram, type Run } from './program.js';
import type { Settings } from './settings.js';

/**
 * Runs one command line to its end.
 *
 * @param argv - arguments after the program's name
 * @param signal - aborted by Ctrl-C
 * @returns the exit code
 */
export async function run(argv: readonly string[], streams: Streams, signal: AbortSignal): Promise<number> {
  let chosen: Run | undefined;
  const program = createProgram(streams, (command) => {
    chosen = command;
  });
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    // Help and version leave by the same way, with 0; bare help, after no command at all, is a mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    throw error;
  }
  const settings = program.opts<Settings>();
  const output = new Output(settings, streams);
  if (!chosen) return EXIT.usage;
  try {
    return await chosen({ settings, output, signal });
  } catch (error) {
    return explain(error, output);
  }
}

function explain(error: unknown, output: Output): number {
  const failure = error instanceof Failure ? error : new Failure('internal', text(error), { cause: error });
  if (output.json) {
    const { exit, exitCode, message } = failure;
    output.show({ type: 'result', ok: false, exitCode, error: { code: exit, message } }, '');
  }
  if (failure.exit !== 'interrupted') output.problem(failure.message);
  if (failure.exit === 'internal' && output.verbose && error instanceof Error) output.note(error.stack ?? '');
  return failure.exitCode;
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
