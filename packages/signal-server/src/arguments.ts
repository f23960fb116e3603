import { Command, CommanderError, Option } from 'commander';
import { CONFIG_FILE, SETTING_NAMES, SETTINGS } from './flags.js';
import type { ServerConfig } from './server-config.js';
import type { Setting } from './setting.js';
import { secretsHelp, settingHelp } from './setting-help.js';
import { UsageError } from './usage-error.js';
import { addUserCommands } from './user-arguments.js';
import type { UserCommand } from './users/user-command.js';
import { yesOrNo } from './value-type.js';

/** What the command line asks for. */
export type Request =
  /** With the text, when that of a command was asked for. */
  | { kind: 'help'; text?: string }
  | { kind: 'version' }
  | ({ kind: 'serve' | 'print-config' } & Written)
  | ({ kind: 'user'; command: UserCommand } & Written);

interface Written {
  flags: FlagTexts;
  configFile: string | undefined;
}

/** The flags as they were written, by setting. */
type FlagTexts = { [K in keyof ServerConfig]?: string };

/**
 * Reads the command line.
 *
 * @param argv - the arguments after the program's name
 * @throws UsageError for what the command does not know
 */
export function parseArguments(argv: readonly string[]): Request {
  let userCommand: UserCommand | undefined;
  let userHelp = '';
  const command = buildCommand(() => '').configureOutput({ writeOut: () => {}, writeErr: () => {} });
  addUserCommands(command, {
    onCommand: (chosen) => {
      userCommand = chosen;
    },
    writeHelp: (chunk) => {
      userHelp += chunk;
    },
  });
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') {
      return { kind: 'help', ...(userHelp !== '' && { text: userHelp }) };
    }
    const complaint =
      error.code === 'commander.help' ? 'user: say add, passwd, rm or list' : withoutValues(error.message, argv);
    throw new UsageError(`${complaint.replace(/^error: /, '').replaceAll('\n', ' ')}; --help lists the options`);
  }
  const { config, printConfig, version, ...settings } = command.opts<Parsed>();
  // a flag that may stand without its value says "yes" then
  const flags = Object.fromEntries(Object.entries(settings).map(([name, text]) => [name, String(text)]));
  if (version) return { kind: 'version' };
  if (userCommand) return { kind: 'user', command: userCommand, flags, configFile: config };
  return { kind: printConfig ? 'print-config' : 'serve', flags, configFile: config };
}

/** What follows the `=` of an option that is not known may be a secret. */
function withoutValues(message: string, argv: readonly string[]): string {
  const assigned = argv.filter((argument) => /^-.*?=/.test(argument));
  return assigned.reduce((text, argument) => text.replaceAll(argument, () => argument.replace(/=.*/s, '')), message);
}

type Parsed = { [K in keyof ServerConfig]?: string | true } & { config?: string; printConfig?: true; version?: true };

/**
 * The text of `--help`. The defaults come with the whole server, which reading the command line need not load.
 *
 * @param columns - how wide the terminal is
 */
export function helpText(defaults: ServerConfig, columns: number): string {
  let text = '';
  const helpWidth = Math.min(columns, WIDEST_HELP);
  const command = buildCommand((name) => settingHelp(name, defaults));
  addUserCommands(command, { onCommand: () => {}, writeHelp: () => {} });
  command
    .addHelpText('after', `${secretsHelp(defaults, helpWidth)}${FOOTER}`)
    .configureHelp({ helpWidth })
    .configureOutput({ writeOut: (chunk) => (text += chunk) })
    .outputHelp();
  return text;
}

const WIDEST_HELP = 100;

function buildCommand(helpOf: (name: keyof ServerConfig) => string): Command {
  const command = new Command('signal-server')
    .description(
      'Signaling for WebRTC calls: who is online, who calls whom, and what the two browsers must tell each other.',
    )
    .exitOverride()
    .helpCommand(false)
    // without a command it serves
    .action(() => {});
  for (const name of SETTING_NAMES) {
    const { flag, placeholder, type }: Setting<unknown> = SETTINGS[name];
    if (flag === undefined) continue;
    const value = type === yesOrNo ? `[${placeholder}]` : `<${placeholder}>`;
    command.addOption(namedOption(`${flag} ${value}`, helpOf(name), name));
    if (type === yesOrNo) command.addOption(namedOption(flag.replace('--', '--no-'), '', name).hideHelp());
  }
  return command
    .option(`${CONFIG_FILE.flag} <file>`, `JSON file of settings by file key [env ${CONFIG_FILE.env}]`)
    .option('--print-config', 'print every setting with where its value comes from, and exit')
    .option('-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help');
}

/** An option whose value is found under the name of its setting. */
function namedOption(flags: string, description: string, name: string): Option {
  const option = new Option(flags, description);
  option.attributeName = () => name;
  return option;
}

const FOOTER = `
A flag wins over the environment, the environment over the config file,
the file over the default.
With NODE_ENV=production the mode "open" must be written out: --auth open.
Exit codes: 0 stopped, 1 failed, 2 wrong usage.`;
