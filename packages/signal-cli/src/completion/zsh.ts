import { type CommandLine, type FlagWord, type Value, valuePatterns, type Word } from './words.js';

/** A script for zsh, to be sourced after `compinit`. */
export function zshScript(line: CommandLine): string {
  const { globalFlags, places } = line;
  const paths = places.map(({ at }) => at).filter((at) => at !== '');
  const values = valuePatterns(line);
  const words = places.map(
    ({ at, commands, flags, value }) => `    ('${at}')
      words_here=(${[...commands, ...choices(value)].map(described).join(' ')})
      flags=(${flagWords(flags).map(described).join(' ')})
      files=${value.kind === 'file' ? 1 : 0}
      ;;`,
  );
  return `#compdef signal-cli
# Completion of signal-cli for zsh, made by: signal-cli completion zsh
_signal_cli() {
  local at='' prev=\${words[CURRENT-1]} cur=\${words[CURRENT]}
  local -a words_here flags global_flags
  local -i i files
  for ((i = 2; i < CURRENT; i++)); do
    case $at:\${words[i]} in
      (${values.all.join('|')}) ((i++)); continue ;;
    esac
    case $at/\${words[i]} in
      (${paths.join('|')}) at=$at/\${words[i]} ;;
    esac
  done
  case $at:$prev in
${values.choices.map(({ patterns, words }) => `    (${patterns.join('|')}) compadd -- ${words.join(' ')}; return ;;`).join('\n')}
    (${values.files.join('|')}) _files; return ;;
    (${values.all.join('|')}) return ;;
  esac
  case $at in
${words.join('\n')}
  esac
  global_flags=(${flagWords(globalFlags).map(described).join(' ')})
  if [[ $cur == -* ]]; then
    _describe -o flag flags -- global_flags
  elif ((files)); then
    _files
  elif (($#words_here)); then
    _describe command words_here
  fi
}
compdef _signal_cli signal-cli
`;
}

function choices(value: Value): Word[] {
  return value.kind === 'choice' ? value.words.map((text) => ({ text, about: '' })) : [];
}

function flagWords(flags: readonly FlagWord[]): Word[] {
  return flags.flatMap(({ spellings, about }) => spellings.map((text) => ({ text, about })));
}

function described({ text, about }: Word): string {
  return `'${text}${about === '' ? '' : `:${about.replaceAll("'", "'\\''")}`}'`;
}
