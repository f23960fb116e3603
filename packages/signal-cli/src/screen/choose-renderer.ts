interface Terminal {
  stdin: { isTTY?: boolean };
  stdout: { isTTY?: boolean };
  env: Record<string, string | undefined>;
  platform: NodeJS.Platform;
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
export function chooseRenderer({ stdin, stdout, env, platform }: Terminal, { json, plain }: Wishes): 'tui' | 'lines' {
  const canDraw = env.TERM === undefined ? platform === 'win32' : env.TERM !== 'dumb';
  const isTerminal = stdin.isTTY === true && stdout.isTTY === true && canDraw;
  // as Ink has it, which draws nothing in CI
  const isCi = [env.CI, env.CONTINUOUS_INTEGRATION].some(
    (said) => said !== undefined && said !== '0' && said !== 'false',
  );
  return isTerminal && !isCi && !json && !plain ? 'tui' : 'lines';
}
