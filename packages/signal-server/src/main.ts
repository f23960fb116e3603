import { readFileSync } from 'node:fs';
import { helpText, parseArguments } from './arguments.js';
import { readConfigFile } from './config-file.js';
import { warningsOf } from './config-warnings.js';
import { contradictionIn } from './contradiction.js';
import { CONFIG_FILE, nameOf } from './flags.js';
import { printableConfig } from './print-config.js';
import { refuseOpenByDefault } from './production.js';
import type { ServerConfig } from './server-config.js';
import { UnreachableError } from './unreachable-error.js';
import { UsageError } from './usage-error.js';
import type { UserCommand } from './users/user-command.js';

const argv = process.argv.slice(2);

async function main(): Promise<void> {
  const request = parseArguments(argv);
  if (request.kind === 'version') return print(`${ownVersion()}\n`);
  if (request.kind === 'help' && request.text !== undefined) return print(request.text);

  // The whole server is behind this import, and 0.2 s.
  const { DEFAULT_CONFIG } = await import('./server-config.js');
  if (request.kind === 'help') return print(helpText(DEFAULT_CONFIG, process.stdout.columns ?? 80));

  const path = request.configFile ?? (process.env[CONFIG_FILE.env] || undefined);
  const file = path === undefined ? undefined : readConfigFile(path);
  const { resolveConfig } = await import('./config.js');
  const resolved = resolveConfig({ flags: request.flags, env: process.env, file });
  if (request.kind === 'print-config') {
    return print(printableConfig(resolved));
  }
  if (request.kind === 'user') return changeUsers(resolved.config, request.command);

  refuseOpenByDefault(resolved, process.env.NODE_ENV, argv);
  const isProduction = process.env.NODE_ENV === 'production';
  const contradiction = contradictionIn(resolved.config, { isProduction, nameOf });
  if (contradiction !== undefined) throw new UsageError(contradiction);
  const { serve } = await import('./serve.js');
  await serve({ config: resolved.config, warnings: warningsOf(resolved.config, file), version: ownVersion(), exit });
}

async function changeUsers({ users }: ServerConfig, command: UserCommand): Promise<void> {
  if (users === undefined) throw new UsageError('which users file? say it with --users FILE or SIGNAL_USERS');
  const { runUserCommand } = await import('./users/user-command.js');
  print(await runUserCommand(users, command));
}

function ownVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return manifest.version;
}

function print(text: string): void {
  process.stdout.write(text);
}

function exit(code: number): void {
  process.exit(code);
}

main().catch((error: unknown) => {
  const isOneLine = error instanceof UsageError || error instanceof UnreachableError;
  process.stderr.write(`signal-server: ${isOneLine ? error.message : error instanceof Error ? error.stack : error}\n`);
  exit(error instanceof UsageError ? 2 : 1);
});
