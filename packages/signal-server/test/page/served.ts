import { onTestFinished } from 'vitest';
import { createStandaloneServer, type StandaloneOptions } from '../../src/index.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** @returns the address of a server with the page, for the length of one test */
export async function served(options: Partial<StandaloneOptions> = {}): Promise<string> {
  const server = createStandaloneServer({ auth: 'open', port: 0, logger: quiet, ...options });
  onTestFinished(() => server.close());
  return server.listen();
}
