import { type CommandLine, type FlagWord, type Value, valuePatterns } from './words.js';

/** A script for fish, 3 or newer. */
export function fishScript(line: CommandLine): string {
  const { globalFlags, places } = line;
  const paths = places.map(({ at }) => at).filter((at) => at !== '');
  const lines = places.flatMap(({ at, commands, flags, value }) => {
    const here = `complete -c signal-cli -n 'test (__signal_cli_at) = :${at}'`;
    return [
      ...commands.map(({ text, about }) => `${here} -a ${text} -d ${quoted(about)}`),
      ...(value.kind === 'unknown' ? [] : [`${here} ${argument(value)}`]),
      ...flags.map((flag) => `${here} ${flagOf(flag)}`),
    ];
  });
  return `# Completion of signal-cli for fish, made by: signal-cli completion fish
function __signal_cli_at
  set -l at ''
  set -l isValue 0
  for word in (commandline -opc)[2..-1]
    if test $isValue = 1
      set isValue 0
      continue
    end
    switch $at:$word
      case ${valuePatterns(line).all.map(quoted).join(' ')}
        set isValue 1
        continue
    end
    switch $at/$word
      case ${paths.join(' ')}
        set at $at/$word
    end
  end
  echo :$at
end
complete -c signal-cli -f
${globalFlags.map((flag) => `complete -c signal-cli ${flagOf(flag)}`).join('\n')}
${lines.join('\n')}
`;
}

function flagOf({ spellings, about, value }: FlagWord): string {
  const names = spellings.map((spelling) =>
    spelling.startsWith('--') ? `-l ${spelling.slice(2)}` : `-s ${spelling.slice(1)}`,
  );
  return [...names, ...(value ? ['-r', argument(value)] : []), '-d', quoted(about)].join(' ');
}

function argument(value: Value): string {
  if (value.kind === 'file') return '-F';
  return value.kind === 'choice' ? `-f -a ${quoted(value.words.join(' '))}` : '-f';
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
