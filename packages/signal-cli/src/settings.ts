/** The global flags, as commander hands them over: precedence flags, then environment, then defaults. */
export interface Settings {
  /** Where the server is; REST is under its path, Socket.IO at its origin. */
  url: URL;
  /** Where Socket.IO is at that origin. */
  path: string;
  /** Act as this user instead of the stored login. */
  user?: string;
  /** The file of a token to show in place of the stored login. */
  tokenFile?: string;
  /** Longest wait for one step, in milliseconds; each step has its own default. */
  timeout?: number;
  /** Settles what is drawn by chance; drawn itself when absent. */
  seed?: number;
  json?: true;
  plain?: true;
  quiet?: true;
  verbose?: true;
  color: boolean;
}

/** For steps between machines that are up: a connection, an answer of the server, ICE. */
export const STEP_TIMEOUT_MS = 10_000;
