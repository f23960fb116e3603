export type { ConfigInput, ResolvedConfig, ServerConfig } from './config.js';
export { resolveConfig } from './config.js';
export type { StandaloneOptions, StandaloneServer } from './create-standalone-server.js';
export { createStandaloneServer } from './create-standalone-server.js';
export { UsageError } from './usage-error.js';
