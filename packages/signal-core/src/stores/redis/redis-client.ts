interface ScriptArguments {
  keys: string[];
  arguments: string[];
}

/** The commands of node-redis that the stores use; what they answer is looked at, not believed. */
export interface RedisCommands {
  evalSha(sha1: string, options: ScriptArguments): Promise<unknown>;
  eval(script: string, options: ScriptArguments): Promise<unknown>;
  get(key: string): Promise<unknown>;
  hGet(key: string, field: string): Promise<unknown>;
  hmGet(key: string, fields: string[]): Promise<unknown>;
  hScan(key: string, cursor: string, options: { COUNT: number }): Promise<unknown>;
  sMembers(key: string): Promise<unknown>;
  set(
    key: string,
    value: string,
    options: { condition: 'NX'; expiration: { type: 'PX'; value: number } },
  ): Promise<unknown>;
  unlink(key: string): Promise<unknown>;
  xRange(key: string, start: string, end: string, options: { COUNT: number }): Promise<unknown>;
  xRevRange(key: string, end: string, start: string, options: { COUNT: number }): Promise<unknown>;
  zCard(key: string): Promise<unknown>;
  zRange(key: string, min: number, max: number): Promise<unknown>;
}

/** The commands of a connection that waits for what is written to a stream. */
export interface RedisReaderCommands {
  xRead(stream: { key: string; id: string }, options: { COUNT: number; BLOCK: number }): Promise<unknown>;
  xTrim(key: string, strategy: 'MINID', threshold: string): Promise<unknown>;
}

/** A connection of one's own, for what blocks. */
export interface RedisReader {
  on(event: 'error', listener: (error: unknown) => void): unknown;
  connect(): Promise<unknown>;
  destroy(): void;
  withCommandOptions(options: { timeout: number; typeMapping: object }): RedisReaderCommands;
}

/**
 * A connected client of node-redis: one connection. It belongs to the caller, who listens to its `error`
 * event (without a listener it ends the process), and closes it.
 */
export interface RedisClient {
  withCommandOptions(options: { abortSignal: AbortSignal; timeout: number; typeMapping: object }): RedisCommands;
  /** Another connection of the same kind, not yet made. */
  duplicate(): RedisReader;
}
