import { styleText } from 'node:util';
import { DEFAULT_CONFIG, type ServerConfig } from './server-config.js';

export interface BannerFacts {
  version: string;
  /** The URL for clients on this machine. */
  url: string;
  /** Whether only this machine reaches the server. */
  loopback: boolean;
  config: Pick<ServerConfig, 'auth' | 'corsOrigin' | 'path'>;
}

/** The next line, below the values. */
const CONTINUED = `\n${' '.repeat(21)}`;

/** What a person at a terminal reads first: where it listens, who may log in, what to do next. */
export function banner({ version, url, loopback, config }: BannerFacts, color: boolean): string {
  const bold = (text: string): string => (color ? styleText('bold', text) : text);
  const loud = (text: string): string => (color ? styleText(['bold', 'yellow'], text) : text);
  const reach = loopback ? 'this machine only' : 'reachable from other machines';
  const origins = config.corsOrigin === '*' ? 'any' : config.corsOrigin.join(CONTINUED) || 'none of another origin';
  const ownPath = config.path === DEFAULT_CONFIG.path ? undefined : config.path;
  return `
  ${bold(`signal-server ${version}`)}

  listening          ${bold(url)} (${reach})
  web pages allowed  ${origins}${ownPath ? `\n  Socket.IO path     ${ownPath}` : ''}
  auth               ${loud(config.auth)}
  ${loud(`! OPEN: anybody ${loopback ? 'on this machine' : 'who reaches it'} logs in under any name;`)}
  ${loud('  no password is checked. For development only.')}

  Next, in other terminals:${ownPath ? `\n    export SIGNAL_CLI_PATH=${ownPath}` : ''}
    npx signal-cli answer --user bob --auto --url ${url}
    npx signal-cli call bob --user alice --url ${url}
    curl ${url}/health
  Ctrl-C stops it, --help lists the options.

`;
}
