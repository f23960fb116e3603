import { styleText } from 'node:util';
import type { ServerConfig } from './server-config.js';

export interface BannerFacts {
  version: string;
  /** The URL for clients on this machine. */
  url: string;
  /** Whether only this machine reaches the server. */
  loopback: boolean;
  config: Pick<ServerConfig, 'auth' | 'corsOrigin'>;
}

/** What a person at a terminal reads first: where it listens, who may log in, what to do next. */
export function banner({ version, url, loopback, config }: BannerFacts, color: boolean): string {
  const bold = (text: string): string => (color ? styleText('bold', text) : text);
  const loud = (text: string): string => (color ? styleText(['bold', 'yellow'], text) : text);
  const reach = loopback ? 'this machine only' : 'reachable from other machines';
  const origins = config.corsOrigin === '*' ? 'any page' : config.corsOrigin.join(', ') || 'no page of another origin';
  return `
  ${bold(`signal-server ${version}`)}

  listening  ${bold(url)} (${reach})
  pages      ${origins}
  auth       ${loud(config.auth)}
  ${loud(`! OPEN: anybody ${loopback ? 'on this machine' : 'who reaches it'} logs in under any name, unasked. For development only.`)}

  Next, in other terminals:
    npx signal-cli answer --user bob --auto --url ${url}
    npx signal-cli call bob --user alice --url ${url}
    curl ${url}/health
  Ctrl-C stops it, --help lists the options.

`;
}
