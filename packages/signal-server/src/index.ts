export type { ConfigInput, ResolvedConfig } from './config.js';
export { resolveConfig } from './config.js';
export type { StandaloneOptions, StandaloneServer } from './create-standalone-server.js';
export { createStandaloneServer } from './create-standalone-server.js';
export type { ServerConfig } from './server-config.js';
export { UsageError } from './usage-error.js';
