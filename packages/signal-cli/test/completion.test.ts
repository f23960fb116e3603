import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHELLS } from '../src/completion/shell.js';
import { commandLineOf } from '../src/completion/words.js';
import { createProgram } from '../src/program.js';
import { CliRunner } from './support/cli.js';

const cli = new CliRunner();
const folder = mkdtempSync(join(tmpdir(), 'signal-cli-completion-'));
beforeAll(async () => {
  for (const shell of SHELLS) {
    const { code, stdout } = await cli.run(['completion', shell]);
    expect(code).toBe(0);
    writeFileSync(join(folder, shell), stdout);
  }
  mkdirSync(join(folder, 'results'));
  writeFileSync(join(folder, 'results.json'), '');
});
afterAll(async () => {
  await cli.close();
  rmSync(folder, { recursive: true });
});

const silent = { stdout: { write: () => {} }, stderr: { write: () => {} } };
const program = createProgram(silent, () => {});
const line = commandLineOf(program);
const globals = line.globalFlags.flatMap(({ spellings }) => spellings);

/** What each shell offers for a command line whose last word is not finished. */
const OFFERS: Record<(typeof SHELLS)[number], (typed: string) => string[]> = {
  bash: (typed) => {
    // = separates words for readline, as in COMP_WORDBREAKS
    const words = typed.split(/ |(=)/).filter((word) => word !== undefined);
    const script = `source ./bash
      COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
      _signal_cli; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return linesOf('bash', ['--norc', '-c', script]);
  },
  fish: (typed) =>
    linesOf('fish', ['--no-config', '-c', `source ./fish; complete -C '${typed}'`]).map(
      (offer) => offer.split('\t')[0] ?? '',
    ),
  // what zsh would show takes a terminal: what is handed to it is looked at
  zsh: (typed) => {
    const words = typed.split(' ').map((word) => `'${word}'`);
    const script = `compdef() { }
      _describe() { shift; [[ $1 == flag ]] && shift; for name in "$@"; do [[ $name != -- ]] && print -l -- "\${(@P)name%%:*}"; done; }
      compadd() { shift; print -l -- "$@"; }
      _files() { print -l -- \${~:-$words[CURRENT]*}; }
      source ./zsh; words=(${words.join(' ')}); CURRENT=${words.length}; _signal_cli`;
    const last = typed.split(' ').at(-1) ?? '';
    return linesOf('zsh', ['-f', '-c', script]).filter((offer) => offer.startsWith(last));
  },
};

function linesOf(shell: string, args: string[]): string[] {
  const text = execFileSync(shell, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return text.split('\n').filter((offer) => offer !== '');
}

describe.each(SHELLS)('%s', (shell) => {
  const isThere = spawnSync(shell, ['-c', 'true']).status === 0;
  const offers = (typed: string) => OFFERS[shell](typed).sort();

  it.runIf(isThere)('[CLI-27] every command is completed, at every depth', () => {
    for (const { at, commands } of line.places) {
      if (commands.length === 0) continue;
      const typed = ['signal-cli', ...at.split('/').slice(1), ''].join(' ');
      expect(offers(typed)).toEqual(commands.map(({ text }) => text).sort());
    }
  });

  it.runIf(isThere)('[CLI-27] every flag is completed where it can be said, and the global ones everywhere', () => {
    for (const { at, flags } of line.places) {
      const typed = ['signal-cli', ...at.split('/').slice(1), '--'].join(' ');
      const long = [...flags.flatMap(({ spellings }) => spellings), ...globals].filter((name) => name.startsWith('--'));
      expect(offers(typed)).toEqual(long.sort());
    }
  });

  it.runIf(isThere)('[CLI-27] choices, of flags and of arguments', () => {
    expect(offers('signal-cli load --arrival ')).toEqual(['poisson', 'uniform']);
    expect(offers('signal-cli load --arrival p')).toEqual(['poisson']);
    expect(offers('signal-cli completion ')).toEqual(['bash', 'fish', 'zsh']);
  });

  it.runIf(isThere)('[CLI-27] files where a file goes, and nothing where nobody can know', () => {
    for (const typed of ['report show res', 'call bob --offer res', '-o res', 'users --token-file res']) {
      const names = offers(`signal-cli ${typed}`).map((name) => name.replace('/', ''));
      expect(names.sort()).toEqual(['results', 'results.json']);
    }
    for (const typed of ['--url ', 'call ', 'call bob --hold ', 'load --rate ']) {
      expect(offers(`signal-cli ${typed}`)).toEqual([]);
    }
  });

  it.runIf(isThere)(
    '[CLI-27] the value of a flag is no command, and what takes none in one command may in another',
    () => {
      expect(offers('signal-cli --profile report pro')).toEqual(['profile']);
      expect(offers('signal-cli --user load re')).toEqual(['report']);
      expect(offers('signal-cli answer --reject --del')).toEqual(['--delay']);
      expect(offers('signal-cli load --reject 5% --top')).toEqual(['--topology']);
    },
  );
});

it('[CLI-27] bash completes what comes after an equals sign', () => {
  expect(OFFERS.bash('signal-cli load --arrival=')).toEqual(['uniform', 'poisson']);
  expect(OFFERS.bash('signal-cli load --arrival=u')).toEqual(['uniform']);
  expect(OFFERS.bash('signal-cli --profile=report pro')).toEqual(['profile']);
});

it('[CLI-27] bash takes the script as people source it', () => {
  const script = `shopt -s expand_aliases; source <(${process.execPath} ${cliPath()} completion bash); complete -p signal-cli`;
  expect(linesOf('bash', ['--norc', '-c', script])).toEqual(['complete -F _signal_cli signal-cli']);
});

it('[CLI-27] a shell that is not known is wrong usage', async () => {
  const { code, stderr } = await cli.run(['completion', 'tcsh']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('bash, zsh, fish') });
});

it('[CLI-27] the script comes also where a file is wrong: a shell that starts says nothing', async () => {
  writeFileSync(join(cli.configDir, 'config.json'), '{');
  const { code, stderr } = await cli.run(['completion', 'bash']);
  rmSync(join(cli.configDir, 'config.json'));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it('[CLI-27] the scripts are made of all commands and flags there are', () => {
  const paths = line.places.map(({ at }) => at);
  const walk = (command: Command, at: string): string[] => [
    at,
    ...command.commands.flatMap((child) => walk(child, `${at}/${child.name()}`)),
  ];
  expect(paths).toEqual(expect.arrayContaining(walk(program, '')));
  for (const name of ['--url', '--profile', '--no-input', '-o', '-h']) expect(globals).toContain(name);
});

function cliPath(): string {
  return new URL('../bin/signal-cli.js', import.meta.url).pathname;
}
