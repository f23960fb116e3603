import type { ServerConfig } from './server-config.js';

/**
 * Whether the call page is served: unless told, where anybody may log in, and not in production.
 *
 * @see SPEC.md, rule PAGE-1
 */
export function servesPage({ page, auth }: Pick<ServerConfig, 'page' | 'auth'>, isProduction: boolean): boolean {
  return page ?? (auth === 'open' && !isProduction);
}
