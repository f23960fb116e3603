import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseCount } from '../format/count.js';
import { parseDuration } from '../format/duration.js';
import { parseRate } from '../format/rate.js';
import { parseShare } from '../format/share.js';
import { parseSpan, parseStages } from '../load/parse-load.js';
import { parseThreshold, type Threshold } from '../load/thresholds.js';
import type { Run } from './choose.js';
import type { LoadOptions } from './load.js';

const MOST_WORKERS = Math.max(8, availableParallelism());

/** The command that places calls by the thousand. */
export function addLoad(program: Command, choose: (run: Run) => void): void {
  // of the global flag the last one counts; this command takes two
  const typedUrls: string[] = [];
  program.on('option:url', (text: string) => typedUrls.push(text));
  const load = program
    .command('load')
    .description(
      'place calls at a rate, measure, and keep the result in the folder -o; --url twice: callers at the first, callees at the second',
    )
    .addOption(
      new Option('--rate <rate>', 'calls a second, such as 50/s; 10/s by default')
        .argParser(reader(parseRate, '50/s'))
        .conflicts(['stages', 'concurrent']),
    )
    .addOption(
      new Option('--stages <stages>', 'rates over time, straight lines between them')
        .argParser(reader(parseStages, '0:10/s,1m:200/s'))
        .conflicts('concurrent'),
    )
    .addOption(
      new Option(
        '--concurrent <n>',
        'so many calls at a time, a new one when one ends; hides what stalls do',
      ).argParser(reader((text) => parseCount(text, 1, 100_000), 'a number from 1 to 100000')),
    )
    .addOption(new Option('--arrival <kind>', 'how calls arrive').choices(['uniform', 'poisson']).default('uniform'))
    .addOption(
      new Option('--duration <duration>', 'how long; until the last of the --stages, or 30s by default').argParser(
        reader(parseLength, '30s'),
      ),
    )
    .addOption(
      new Option('--users <n>', 'users online; as many as the calls need by default').argParser(
        reader((text) => parseCount(text, 2, 1_000_000), 'a number from 2 to 1000000'),
      ),
    )
    .addOption(option('--hold <span>', 'how long calls last: 5s, exp:5s, uniform:5s', parseSpan, '5s'))
    .addOption(option('--answer-delay <span>', 'how long callees think', parseSpan, '500ms'))
    .addOption(option('--reject <share>', 'calls that are rejected', parseShare, '0%'))
    .addOption(option('--no-answer <share>', 'calls that nobody answers', parseShare, '0%'))
    .addOption(option('--cancel <share>', 'calls that the caller gives up', parseShare, '0%'))
    .addOption(option('--ice <n>', 'candidates of each side', (text) => parseCount(text, 0, 50), '8'))
    .addOption(new Option('--sdp <kind>', 'session descriptions').choices(['chrome', 'small']).default('chrome'))
    .addOption(
      new Option('--topology <kind>', 'who calls whom').choices(['pairs', 'hot-callee', 'glare']).default('pairs'),
    )
    .addOption(option('--workers <n>', 'processes of the generator', (text) => parseCount(text, 1, MOST_WORKERS), '1'))
    .addOption(option('--rtc-sample <share>', 'calls that open a real data channel', parseShare, '0%'))
    .addOption(option('--prefix <name>', 'how the names of the users begin', parsePrefix, 'load'))
    .addOption(
      new Option('--threshold <expression...>', 'what must hold, such as setup.p99<100ms; else exit with 99').argParser(
        collectThreshold,
      ),
    )
    .option('--raw', 'also keep each duration by itself, in durations.csv of the folder -o')
    .option('--i-own-this-server', 'let the load go to another machine');
  load.action(({ answer, ...options }: Omit<LoadOptions, 'noAnswer'> & { answer: number }) =>
    choose(async (context) => {
      const urls = typedUrls.map((text) => new URL(text));
      // commander takes --no-answer for the opposite of an --answer
      return (await import('./load.js')).load(context, { ...options, noAnswer: answer, typedUrls: urls });
    }),
  );
}

/** A flag with a default that is written as people write it. */
function option<T>(flags: string, description: string, read: (text: string) => T | undefined, preset: string): Option {
  return new Option(flags, description).argParser(reader(read, preset)).default(read(preset), preset);
}

function reader<T>(read: (text: string) => T | undefined, example: string): (text: string) => T {
  return (text) => {
    const value = read(text);
    if (value === undefined) throw new InvalidArgumentError(`It should look like ${example}.`);
    return value;
  };
}

function parseLength(text: string): number | undefined {
  const ms = parseDuration(text);
  return ms === 0 ? undefined : ms;
}

function parsePrefix(text: string): string | undefined {
  return /^[\w.-]{1,40}$/.test(text) ? text : undefined;
}

function collectThreshold(text: string, former: Threshold[] = []): Threshold[] {
  const threshold = parseThreshold(text);
  if (typeof threshold === 'string') throw new InvalidArgumentError(threshold);
  return [...former, threshold];
}
