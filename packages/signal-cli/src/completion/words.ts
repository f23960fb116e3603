import type { Argument, Command, Option } from 'commander';

/** A word that can be typed, and what it is for. */
export interface Word {
  text: string;
  about: string;
}

/** What may follow: one of a few words, the name of a file, or something that cannot be known. */
export type Value = { kind: 'choice'; words: readonly string[] } | { kind: 'file' } | { kind: 'unknown' };

export interface FlagWord {
  /** `-o`, `--output`. */
  spellings: readonly string[];
  about: string;
  /** Absent when it takes none. */
  value?: Value;
}

/** What can be typed at one place of the command line. */
interface Place {
  /** `''` before any command, `/profile`, `/profile/use`. */
  at: string;
  commands: readonly Word[];
  /** Those of this place alone; the global ones go everywhere. */
  flags: readonly FlagWord[];
  /** What its arguments are. */
  value: Value;
}

export interface CommandLine {
  globalFlags: readonly FlagWord[];
  places: readonly Place[];
}

/** Placeholders that stand for a file or a folder. */
const FILES = ['file', 'folder', 'path', 'result', 'before', 'after'];
/** The one `path` that is no file. */
const NO_FILE = '--path';

/** All that can be typed, as the command line itself says. */
export function commandLineOf(program: Command): CommandLine {
  return { globalFlags: flagsOf(program), places: placesOf(program, '') };
}

/** Shell patterns of `at:flag`, by what the value of that flag is. */
export interface ValuePatterns {
  choices: { patterns: readonly string[]; words: readonly string[] }[];
  files: string[];
  all: string[];
}

/** Every flag that takes a value, as it may be spelled, where it may be. */
export function valuePatterns({ globalFlags, places }: CommandLine): ValuePatterns {
  const found: ValuePatterns = { choices: [], files: [], all: [] };
  for (const { at, flags } of [...places, { at: '*', flags: globalFlags }]) {
    for (const { spellings, value } of flags) {
      if (value === undefined) continue;
      const patterns = spellings.map((spelling) => `${at}:${spelling}`);
      found.all.push(...patterns);
      if (value.kind === 'file') found.files.push(...patterns);
      if (value.kind === 'choice') found.choices.push({ patterns, words: value.words });
    }
  }
  return found;
}

function placesOf(command: Command, at: string): Place[] {
  const commands = command.createHelp().visibleCommands(command);
  const first = command.registeredArguments[0];
  const here: Place = {
    at,
    commands: commands.map((child) => ({ text: child.name(), about: child.description() })),
    flags: command.parent ? flagsOf(command) : [],
    value: first ? readValue(first, first.name()) : { kind: 'unknown' },
  };
  return [here, ...commands.flatMap((child) => placesOf(child, `${at}/${child.name()}`))];
}

function flagsOf(command: Command): FlagWord[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter((option) => !command.parent || option.long !== '--help')
    .map((option) => {
      const spellings = [option.short, option.long].filter((spelling) => spelling !== undefined);
      const placeholder = /<([\w-]+)/.exec(option.flags)?.[1];
      const isFile = option.long !== NO_FILE;
      const value = placeholder === undefined ? undefined : readValue(option, isFile ? placeholder : '');
      return { spellings, about: option.description, ...(value && { value }) };
    });
}

function readValue({ argChoices }: Option | Argument, placeholder: string): Value {
  if (argChoices) return { kind: 'choice', words: argChoices };
  return FILES.includes(placeholder) ? { kind: 'file' } : { kind: 'unknown' };
}
