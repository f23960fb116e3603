import type { Command } from 'commander';
import { bashScript } from '../completion/bash.js';
import { fishScript } from '../completion/fish.js';
import type { Shell } from '../completion/shell.js';
import { type CommandLine, commandLineOf } from '../completion/words.js';
import { zshScript } from '../completion/zsh.js';
import { EXIT } from '../exit-codes.js';
import type { Context } from './context.js';

const SCRIPTS: Record<Shell, (line: CommandLine) => string> = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** Prints a script that completes this command line in a shell. */
export async function completion({ output }: Context, program: Command, shell: Shell): Promise<number> {
  const script = SCRIPTS[shell](commandLineOf(program));
  output.show({ type: 'script', shell, script }, script.trimEnd());
  return EXIT.ok;
}
