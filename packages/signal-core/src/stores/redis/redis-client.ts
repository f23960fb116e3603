interface ScriptArguments {
  keys: string[];
  arguments: string[];
}

/** The commands of node-redis that the stores use; what they answer is looked at, not believed. */
export interface RedisCommands {
  evalSha(sha1: string, options: ScriptArguments): Promise<unknown>;
  eval(script: string, options: ScriptArguments): Promise<unknown>;
  hGet(key: string, field: string): Promise<unknown>;
  hmGet(key: string, fields: string[]): Promise<unknown>;
  hScan(key: string, cursor: string, options: { COUNT: number }): Promise<unknown>;
  zCard(key: string): Promise<unknown>;
  zRange(key: string, min: number, max: number): Promise<unknown>;
}

/**
 * A connected client of node-redis: one connection, a pool, a cluster. It belongs to the caller, who listens to its
 * `error` event (without a listener it ends the process), and closes it.
 */
export interface RedisClient {
  withCommandOptions(options: { abortSignal: AbortSignal; timeout: number; typeMapping: object }): RedisCommands;
}
