interface Terminal {
  stdin: { isTTY?: boolean };
  stdout: { isTTY?: boolean };
  env: Record<string, string | undefined>;
}

interface Wishes {
  json?: boolean;
  plain?: boolean;
}

/**
 * Whether there are live screens or lines only. Nothing of Ink is loaded for lines: it writes escape codes into pipes.
 *
 * @see SPEC.md, rule DASH-1
 */
export function chooseRenderer({ stdin, stdout, env }: Terminal, { json, plain }: Wishes): 'tui' | 'lines' {
  const isTerminal = stdin.isTTY === true && stdout.isTTY === true && env.TERM !== 'dumb';
  const isCi = env.CI !== undefined && env.CI !== '' && env.CI !== 'false' && env.CI !== '0';
  return isTerminal && !isCi && !json && !plain ? 'tui' : 'lines';
}
