import { type Command, Option } from 'commander';
import type { PasswordSource } from './users/read-password.js';
import type { UserCommand } from './users/user-command.js';

interface UserCommandOptions {
  /** Gets the command, once its arguments are found right. */
  onCommand: (command: UserCommand) => void;
  writeHelp: (text: string) => void;
}

/** The commands that keep the users file: `user add|passwd|rm|list`. */
export function addUserCommands(program: Command, { onCommand, writeHelp }: UserCommandOptions): void {
  const user = program
    .command('user')
    .description('keep the users file of --auth passwords: add, passwd, rm, list')
    .configureOutput({ writeOut: writeHelp })
    .addHelpText('after', '\nThe file: --users FILE or SIGNAL_USERS. Names are compared exactly, letter by letter.');
  for (const [action, description] of [
    ['add', 'add a user'],
    ['passwd', 'change a password'],
  ] as const) {
    user
      .command(`${action} <name>`)
      .description(description)
      .option('--password-stdin', 'read the password from standard input')
      .addOption(new Option('--password-file <file>', 'read the password from a file').conflicts('passwordStdin'))
      .action((name: string, password: PasswordSource) => onCommand({ action, name, password }));
  }
  user
    .command('rm <name>')
    .description('remove a user; what was given out stays good until it lapses (--token-ttl)')
    .action((name: string) => onCommand({ action: 'rm', name }));
  user
    .command('list')
    .description('list the users')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: true }) => onCommand({ action: 'list', json: json === true }));
}
