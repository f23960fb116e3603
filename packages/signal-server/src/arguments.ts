import { Command, CommanderError, Option } from 'commander';
import { CONFIG_FILE, SETTING_NAMES, SETTINGS } from './flags.js';
import type { ServerConfig } from './server-config.js';
import { UsageError } from './usage-error.js';

/** What the command line asks for. */
export type Request =
  | { kind: 'help' }
  | { kind: 'version' }
  | { kind: 'serve' | 'print-config'; flags: FlagTexts; configFile: string | undefined };

/** The flags as they were written, by setting. */
type FlagTexts = { [K in keyof ServerConfig]?: string };

/**
 * Reads the command line.
 *
 * @param argv - the arguments after the program's name
 * @throws UsageError for what the command does not know
 */
export function parseArguments(argv: readonly string[]): Request {
  const command = buildCommand(() => '').configureOutput({ writeOut: () => {}, writeErr: () => {} });
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return { kind: 'help' };
    throw new UsageError(`${error.message.replace(/^error: /, '').replaceAll('\n', ' ')}; --help lists the options`);
  }
  const { config, printConfig, version, ...flags } = command.opts<Parsed>();
  if (version) return { kind: 'version' };
  return { kind: printConfig ? 'print-config' : 'serve', flags, configFile: config };
}

type Parsed = FlagTexts & { config?: string; printConfig?: true; version?: true };

/**
 * The text of `--help`. The defaults come with the whole server, which reading the command line need not load.
 *
 * @param columns - how wide the terminal is
 */
export function helpText(defaults: ServerConfig, columns: number): string {
  let text = '';
  const command = buildCommand((name) => {
    const value = defaults[name];
    if (value === undefined) return ', default this machine only';
    return `, default ${name.endsWith('Ms') ? `${Number(value) / 1000}s` : value}`;
  });
  command
    .configureHelp({ helpWidth: Math.min(columns, WIDEST_HELP) })
    .configureOutput({ writeOut: (chunk) => (text += chunk) })
    .outputHelp();
  return text;
}

const WIDEST_HELP = 100;

function buildCommand(defaultOf: (name: keyof ServerConfig) => string): Command {
  const command = new Command('signal-server')
    .description(
      'Signaling for WebRTC calls: who is online, who calls whom, and what the two browsers must tell each other.',
    )
    .exitOverride();
  for (const name of SETTING_NAMES) {
    const { flag, env, placeholder, help } = SETTINGS[name];
    const description = `${help} [env ${env}, file key ${name}${defaultOf(name)}]`;
    command.addOption(namedOption(`${flag} <${placeholder}>`, description, name));
  }
  return command
    .option(`${CONFIG_FILE.flag} <file>`, `JSON file of settings by file key [env ${CONFIG_FILE.env}]`)
    .option('--print-config', 'print every setting with where its value comes from, and exit')
    .option('-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', FOOTER);
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
