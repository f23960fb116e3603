import { readFileSync } from 'node:fs';
import { helpText, parseArguments } from './arguments.js';
import { readConfigFile } from './config-file.js';
import { CONFIG_FILE } from './flags.js';
import { printableConfig } from './print-config.js';
import { refuseOpenByDefault } from './production.js';
import { UsageError } from './usage-error.js';

const argv = process.argv.slice(2);

async function main(): Promise<void> {
  const request = parseArguments(argv);
  if (request.kind === 'version') return print(`${ownVersion()}\n`);

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

  refuseOpenByDefault(resolved, process.env.NODE_ENV, argv);
  const { serve } = await import('./serve.js');
  await serve({ config: resolved.config, version: ownVersion(), exit });
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
  const usage = error instanceof UsageError;
  process.stderr.write(`signal-server: ${usage ? error.message : error instanceof Error ? error.stack : error}\n`);
  exit(usage ? 2 : 1);
});
