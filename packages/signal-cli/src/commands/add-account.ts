import { type Command, Option } from 'commander';
import type { Choose } from './choose.js';
import type { LoginOptions } from './login.js';

/** The commands about who acts, and where. */
export function addAccount(program: Command, choose: Choose): void {
  program
    .command('login')
    .argument('[name]', 'whose login')
    .description('log in, and keep the token for this server')
    .option('--password-stdin', 'read the password from standard input')
    .addOption(new Option('--password-file <file>', 'read the password from a file').conflicts('passwordStdin'))
    .action((name: string | undefined, options: LoginOptions) =>
      choose(async (context) => (await import('./login.js')).login(context, name, options)),
    );
  program
    .command('logout')
    .description('forget the logins kept for this server, or that of --user')
    .action(() => choose(async (context) => (await import('./logout.js')).logout(context)));
  program
    .command('whoami')
    .description('say who acts here, by what proof, and until when')
    .action(() => choose(async (context) => (await import('./whoami.js')).whoami(context)));
  addProfile(program, choose);
}

function addProfile(program: Command, choose: Choose): void {
  const tolerant = { takesProblems: true };
  const profile = program.command('profile').description('name servers, and choose one');
  profile
    .command('list')
    .description('list the named servers; * is in use')
    .action(() => choose(async (context) => (await import('./profile.js')).listProfiles(context), tolerant));
  profile
    .command('show')
    .argument('[name]', 'by default the one in use')
    .description('show one, and whose login it has')
    .action((name?: string) =>
      choose(async (context) => (await import('./profile.js')).showProfile(context, name), tolerant),
    );
  profile
    .command('set')
    .argument('<name>', 'what to call it')
    .description('make or change one, with --url, --path and --user')
    .action((name: string) =>
      choose(async (context) => (await import('./profile.js')).setProfile(context, name), tolerant),
    );
  profile
    .command('use')
    .argument('[name]', 'none when left out')
    .description('use this one from now on')
    .action((name?: string) =>
      choose(async (context) => (await import('./profile.js')).chooseProfile(context, name), tolerant),
    );
  profile
    .command('rm')
    .argument('<name>', 'which one')
    .description('remove one; logins stay until logout')
    .action((name: string) =>
      choose(async (context) => (await import('./profile.js')).removeProfile(context, name), tolerant),
    );
}
