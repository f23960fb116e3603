import { type Command, Option } from 'commander';
import { DEFAULT_URL } from './config/resolve-settings.js';
import { readSetting, SETTINGS } from './config/setting-table.js';
import { reader } from './flag-reader.js';
import type { Values } from './settings.js';

/** Adds the flags that every command takes. They have no defaults: files and the environment may speak too. */
export function addGlobalFlags(program: Command): void {
  program
    .addOption(setting('url', '--url <url>', `the server, by default ${DEFAULT_URL}`))
    .addOption(setting('path', '--path <path>', 'its Socket.IO endpoint, by default /socket.io'))
    .addOption(setting('user', '--user <name>', 'act as this user; no password in open mode'))
    .addOption(setting('profile', '--profile <name>', 'a named server; see the command profile'))
    .option('--token-file <file>', 'act as the subject of this token, a JWT; or of that in SIGNAL_CLI_TOKEN')
    .addOption(setting('timeout', '--timeout <duration>', 'longest wait for one step'))
    .addOption(setting('seed', '--seed <n>', 'settles what is drawn by chance'))
    .addOption(setting('output', '-o, --output <path>', 'where to keep what a command makes'))
    .option('--json', 'JSON, one document a line')
    .addOption(new Option('--plain', 'plain text, also on a terminal').conflicts('json'))
    .option('-q, --quiet', 'results only')
    .addOption(new Option('-v, --verbose', 'show the payload of every event').conflicts('quiet'))
    .option('--no-color', 'no colour; so does NO_COLOR')
    .option('--no-input', 'ask nothing');
}

function setting(name: keyof Values, flags: string, description: string): Option {
  const { env, expects } = SETTINGS[name];
  const read = (text: string) => readSetting(name, text, `--${name}`);
  return new Option(flags, `${description} (env: ${env})`).argParser(reader(read, expects));
}
