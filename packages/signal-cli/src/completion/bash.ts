import { type CommandLine, valuePatterns } from './words.js';

/** A script for bash, 4 or newer. */
export function bashScript(line: CommandLine): string {
  const { globalFlags, places } = line;
  const paths = places.map(({ at }) => at).filter((at) => at !== '');
  const values = valuePatterns(line);
  const words = places.map(({ at, commands, flags, value }) =>
    [
      `    '${at}')`,
      `      words='${[...commands.map(({ text }) => text), ...(value.kind === 'choice' ? value.words : [])].join(' ')}'`,
      `      flags='${flags.flatMap(({ spellings }) => spellings).join(' ')}'`,
      ...(value.kind === 'file' ? ["      files='yes'"] : []),
      '      ;;',
    ].join('\n'),
  );
  return `# Completion of signal-cli for bash, made by: signal-cli completion bash
_signal_cli() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at='' words='' flags='' files='' i
  COMPREPLY=()
  # --flag=value comes as three words
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]]; then
    prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at:\${COMP_WORDS[i]}" in
      ${values.all.join('|')})
        [[ \${COMP_WORDS[i+1]} == '=' ]] && ((i++))
        ((i++))
        continue
        ;;
    esac
    case "$at/\${COMP_WORDS[i]}" in
      ${paths.join('|')}) at="$at/\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at:$prev" in
${values.choices.map(({ patterns, words }) => `    ${patterns.join('|')}) ${choose(words)}; return ;;`).join('\n')}
    ${values.files.join('|')}) ${FILES}; return ;;
    ${values.all.join('|')}) return ;;
  esac
  case "$at" in
${words.join('\n')}
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$flags ${globalFlags.flatMap(({ spellings }) => spellings).join(' ')}" -- "$cur"))
  elif [[ -n $files ]]; then
    ${FILES}
  else
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
}
complete -F _signal_cli signal-cli
`;
}

const FILES = 'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur")';

function choose(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W '${words.join(' ')}' -- "$cur"))`;
}
