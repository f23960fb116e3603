import { Argument, Command, Option } from 'commander';
import { addAccount } from './commands/add-account.js';
import { addDashboard } from './commands/add-dashboard.js';
import { addLoad } from './commands/add-load.js';
import { addReport } from './commands/add-report.js';
import type { AnswerCommandOptions } from './commands/answer.js';
import type { CallOptions } from './commands/call.js';
import type { Choose } from './commands/choose.js';
import type { PingOptions } from './commands/ping.js';
import type { UsersOptions } from './commands/users.js';
import { SHELLS, type Shell } from './completion/shell.js';
import { count, duration } from './flag-reader.js';
import { addGlobalFlags } from './global-flags.js';
import type { Streams } from './output.js';
import { ownVersion } from './own-version.js';

/**
 * The command line. What an action needs is imported by the action, so that help and version are quick.
 *
 * @param streams - where help and complaints go
 */
export function createProgram(streams: Streams, choose: Choose): Command {
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
  addGlobalFlags(program);
  addAccount(program, choose);
  addCalling(program, choose);
  addLoad(program, choose);
  addReport(program, choose);
  addSetUp(program, choose);
  addDashboard(program, choose);
  return program;
}

function addCalling(program: Command, choose: Choose): void {
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
    .command('call')
    .argument('<user>', 'a name or an id')
    .description('call a user, with a live timeline')
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
}

function addSetUp(program: Command, choose: Choose): void {
  program
    .command('doctor')
    .description('check this machine, the way to the server, and the server; say what to mend')
    .action(() =>
      choose(async (context) => (await import('./commands/doctor.js')).doctor(context), { takesProblems: true }),
    );
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'for which shell').choices(SHELLS))
    .description('print a script that completes commands and flags; bash: source <(signal-cli completion bash)')
    .action((shell: Shell) =>
      choose(async (context) => (await import('./commands/completion.js')).completion(context, program, shell), {
        takesProblems: true,
      }),
    );
}
