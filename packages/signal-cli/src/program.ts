import { Command, InvalidArgumentError, Option } from 'commander';
import { addLoad } from './commands/add-load.js';
import { addReport } from './commands/add-report.js';
import type { AnswerCommandOptions } from './commands/answer.js';
import type { CallOptions } from './commands/call.js';
import type { Context } from './commands/context.js';
import type { LoginOptions } from './commands/login.js';
import type { PingOptions } from './commands/ping.js';
import type { UsersOptions } from './commands/users.js';
import { parseCount } from './format/count.js';
import { parseDuration } from './format/duration.js';
import type { Streams } from './output.js';
import { ownVersion } from './own-version.js';

/** Does one command, and returns its exit code. */
export type Run = (context: Context) => Promise<number>;

/**
 * The command line. What an action needs is imported by the action, so that help and version are quick.
 *
 * @param streams - where help and complaints go
 * @param choose - gets the command, once the arguments are found right
 */
export function createProgram(streams: Streams, choose: (run: Run) => void): Command {
  const program = new Command('signal-cli')
    .description('Terminal client and harness for call signaling servers.')
    .version(ownVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error:/, 'signal-cli:')),
    });
  addGlobalOptions(program);

  program
    .command('login [name]')
    .description('log in, and keep the token for this server')
    .option('--password-stdin', 'read the password from standard input')
    .addOption(new Option('--password-file <file>', 'read the password from a file').conflicts('passwordStdin'))
    .action((name: string | undefined, options: LoginOptions) =>
      choose(async (context) => (await import('./commands/login.js')).login(context, name, options)),
    );
  program
    .command('users')
    .description('list the users of the server')
    .option('--online', 'only those online')
    .option('--watch', 'follow who comes and goes')
    .action((options: UsersOptions) =>
      choose(async (context) => (await import('./commands/users.js')).users(context, options)),
    );
  program
    .command('watch')
    .description('print everything this user receives')
    .action(() => choose(async (context) => (await import('./commands/watch.js')).watch(context)));
  program
    .command('call <user>')
    .description('call a user, by name or id, with a live timeline')
    .option('--audio', 'an audio call')
    .addOption(new Option('--offer <file>', 'send the SDP of this file as the offer').conflicts('rtc'))
    .addOption(new Option('--ice <n>', 'send that many candidates').argParser(count(1, 200)).conflicts('rtc'))
    .addOption(new Option('--hold <duration>', 'stay in the call that long').argParser(duration).default(1000, '1s'))
    .option('--rtc', 'a real WebRTC connection with a data channel')
    .action((user: string, options: CallOptions) =>
      choose(async (context) => (await import('./commands/call.js')).call(context, user, options)),
    );
  program
    .command('answer')
    .description('answer calls by itself, and print READY once it can be called')
    .addOption(new Option('--auto', 'accept every call').conflicts(['reject', 'busy', 'ignore']))
    .addOption(new Option('--reject', 'reject every call').conflicts(['busy', 'ignore']))
    .addOption(new Option('--busy', 'reject every call as busy').conflicts('ignore'))
    .option('--ignore', 'let every call ring')
    .addOption(new Option('--delay <duration>', 'ring that long first').argParser(duration).default(0, '0s'))
    .option('--count <n>', 'stop after that many calls', count(1, 1_000_000))
    .option('--rtc', 'a real WebRTC connection with a data channel')
    .action((options: AnswerCommandOptions) =>
      choose(async (context) => (await import('./commands/answer.js')).answer(context, options)),
    );
  program
    .command('ping')
    .description('measure round trips over the signaling connection')
    .option('--count <n>', 'how many', count(1, 1_000_000), 10)
    .addOption(new Option('--interval <duration>', 'time between two').argParser(duration).default(100, '100ms'))
    .action((options: PingOptions) =>
      choose(async (context) => (await import('./commands/ping.js')).ping(context, options)),
    );
  addLoad(program, choose);
  addReport(program, choose);
  return program;
}

function addGlobalOptions(program: Command): void {
  const local = 'http://localhost:3001';
  program
    .addOption(
      new Option('--url <url>', 'the server').env('SIGNAL_CLI_URL').default(new URL(local), local).argParser(serverUrl),
    )
    .addOption(
      new Option('--path <path>', 'its Socket.IO endpoint')
        .env('SIGNAL_CLI_PATH')
        .default('/socket.io')
        .argParser(endpointPath),
    )
    .addOption(
      new Option('--user <name>', 'act as this user; no password in open mode')
        .env('SIGNAL_CLI_USER')
        .argParser(username),
    )
    .option('--token-file <file>', 'act as the subject of this token, a JWT; or of that in SIGNAL_CLI_TOKEN')
    .option('--timeout <duration>', 'longest wait for one step', duration)
    .option('--seed <n>', 'settles what is drawn by chance', count(0, 2_147_483_647))
    .option('--json', 'JSON, one document a line')
    .addOption(new Option('--plain', 'plain text, also on a terminal').conflicts('json'))
    .option('-q, --quiet', 'results only')
    .addOption(new Option('-v, --verbose', 'show the payload of every event').conflicts('quiet'))
    .option('--no-color', 'no colour');
}

function serverUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new InvalidArgumentError('It should look like http://localhost:3001');
}

function endpointPath(text: string): string {
  if (/^(\/[\w.~-]+)+$/.test(text)) return text;
  throw new InvalidArgumentError('It should look like /socket.io');
}

function username(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
  return text;
}

function duration(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new InvalidArgumentError('It should look like 500ms, 30s, 5m or 1h.');
  return milliseconds;
}

function count(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const number = parseCount(text, lowest, highest);
    if (number === undefined) throw new InvalidArgumentError(`It should be a number from ${lowest} to ${highest}.`);
    return number;
  };
}
