import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../bin/signal-cli.js', import.meta.url));

export interface CliOptions {
  env?: Record<string, string>;
  stdin?: string;
  /** Where it runs; project files are looked for from there. */
  cwd?: string;
}

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Each line of stdout, with `--json`. */
  records: Record<string, unknown>[];
}

/** Real processes of the built CLI, with a configuration folder of their own. */
export class CliRunner {
  readonly configDir = mkdtempSync(join(tmpdir(), 'signal-cli-test-'));
  readonly #running = new Set<CliProcess>();

  start(args: readonly string[], options: CliOptions = {}): CliProcess {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^SIGNAL_CLI_|^NO_COLOR$|^GITHUB_STEP_SUMMARY$/.test(name),
    );
    const env = { ...Object.fromEntries(inherited), SIGNAL_CLI_CONFIG_DIR: this.configDir, ...options.env };
    const program = new CliProcess(
      spawn(process.execPath, [LAUNCHER, ...args], { env, cwd: options.cwd }),
      options.stdin,
    );
    this.#running.add(program);
    void program.ended.then(() => this.#running.delete(program));
    return program;
  }

  run(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    return this.start(args, options).ended;
  }

  async close(): Promise<void> {
    for (const program of this.#running) program.kill('SIGKILL');
    await Promise.all([...this.#running].map(({ ended }) => ended));
    await rm(this.configDir, { recursive: true, force: true });
  }
}

export class CliProcess {
  readonly ended: Promise<CliResult>;
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();
  #stderr = '';

  constructor(child: ChildProcess, stdin: string | undefined) {
    this.#child = child;
    child.stdin?.end(stdin ?? '');
    const stdout: string[] = [];
    child.stdout?.on('data', (chunk) => stdout.push(String(chunk)));
    child.stderr?.on('data', (chunk) => {
      this.#stderr += chunk;
    });
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.lines.push(line);
        for (const watcher of this.#watchers) watcher();
      });
    }
    this.ended = once(child, 'close').then(([code]) => {
      const text = stdout.join('');
      return { code, stdout: text, stderr: this.#stderr, records: text.split('\n').flatMap(parseLine) };
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves with the first line that fits, also one printed before; rejects when it exits without. */
  async prints(fits: (line: string) => boolean): Promise<string> {
    let watcher = () => {};
    const printed = new Promise<string>((resolve) => {
      watcher = () => {
        const line = this.lines.find(fits);
        if (line !== undefined) resolve(line);
      };
    });
    this.#watchers.add(watcher);
    watcher();
    const gone = this.ended.then(({ code, stderr }) => {
      throw new Error(`exited with ${code} before printing it: ${stderr}\n${this.lines.join('\n')}`);
    });
    gone.catch(() => {});
    try {
      return await Promise.race([printed, gone]);
    } finally {
      this.#watchers.delete(watcher);
    }
  }

  /** Resolves with the first record (`--json`) that has these fields. */
  async says(fields: Record<string, unknown>): Promise<Record<string, unknown>> {
    const fits = (line: string) => parseLine(line).some((record) => hasFields(record, fields));
    const [record] = parseLine(await this.prints(fits));
    if (!record) throw new Error('not JSON');
    return record;
  }

  /** Resolves once all candidates of the other side have come. */
  async hearsEveryCandidate(): Promise<void> {
    await this.prints((line) => line.includes('"received"') && line.includes('end of candidates"'));
  }
}

/** The last record of that type. */
export function lastOf(result: CliResult, type: string): Record<string, unknown> {
  const record = result.records.findLast((candidate) => candidate.type === type);
  if (!record) throw new Error(`no ${type} in ${result.stdout}${result.stderr}`);
  return record;
}

function hasFields(record: Record<string, unknown>, fields: Record<string, unknown>): boolean {
  return Object.entries(fields).every(([name, value]) => record[name] === value);
}

function parseLine(line: string): Record<string, unknown>[] {
  try {
    return line.startsWith('{') ? [JSON.parse(line)] : [];
  } catch {
    // Plain text with --verbose begins lines with a brace too.
    return [];
  }
}
