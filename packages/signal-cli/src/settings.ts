/** What can be said by flag, in the environment, in a project file and in the user's own. */
export interface Values {
  /** Where the server is; REST is under its path, Socket.IO at its origin. */
  url: URL;
  /** Where Socket.IO is at that origin. */
  path: string;
  /** Act as this user instead of the stored login. */
  user: string;
  /** Longest wait for one step, in milliseconds; each step has its own default. */
  timeout: number;
  /** Settles what is drawn by chance; drawn itself when absent. */
  seed: number;
  /** Where to keep what a command makes. */
  output: string;
  /** The named server. */
  profile: string;
}

/** Where a value comes from. What a project file says is not the word of the person at the terminal. */
export interface Source {
  kind: 'flag' | 'env' | 'profile' | 'project' | 'user' | 'default';
  /** As people know it: `--url`, `SIGNAL_CLI_URL`, `profile staging`, the path of a file, `default`. */
  name: string;
}

/** The flags, as commander hands them over: none has a default, so that other places may speak. */
export interface Flags extends Partial<Values> {
  /** The file of a token to show in place of the stored login. */
  tokenFile?: string;
  json?: true;
  plain?: true;
  quiet?: true;
  verbose?: true;
  color: boolean;
  /** Whether questions may be asked. */
  input: boolean;
}

/** What holds for this run. */
export interface Settings extends Flags {
  url: URL;
  path: string;
  sources: { url: Source; path: Source } & { [Name in keyof Values]?: Source };
}

/** For steps between machines that are up: a connection, an answer of the server, ICE. */
export const STEP_TIMEOUT_MS = 10_000;
