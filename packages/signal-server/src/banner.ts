import { styleText } from 'node:util';
import { DEFAULT_CONFIG, type ServerConfig } from './server-config.js';

export interface BannerFacts {
  version: string;
  /** The URL for clients on this machine. */
  url: string;
  /** Whether only this machine reaches the server. */
  loopback: boolean;
  /** Whether it serves the call page. */
  hasPage: boolean;
  config: Pick<ServerConfig, 'auth' | 'corsOrigin' | 'path' | 'jwtIssuer' | 'users'>;
}

/** The next line, below the values. */
const CONTINUED = `\n${' '.repeat(21)}`;

/** What a person at a terminal reads first: where it listens, who may join, what to do next. No secret is in it. */
export function banner({ version, url, loopback, hasPage, config }: BannerFacts, color: boolean): string {
  const bold = (text: string): string => (color ? styleText('bold', text) : text);
  const loud = (text: string): string => (color ? styleText(['bold', 'yellow'], text) : text);
  const reach = loopback ? 'this machine only' : 'reachable from other machines';
  const origins = config.corsOrigin === '*' ? 'any' : config.corsOrigin.join(CONTINUED) || 'none of another origin';
  const ownPath = config.path === DEFAULT_CONFIG.path ? undefined : config.path;
  const warning = config.auth === 'open' ? `\n${loud(openWarning(loopback))}` : '';
  const page = hasPage ? `  Open ${bold(url)}, and again in a second tab, and call yourself.\n\n` : '';
  return `
  ${bold(`signal-server ${version}`)}

  listening          ${bold(url)} (${reach})
  web pages allowed  ${origins}${ownPath ? `\n  Socket.IO path     ${ownPath}` : ''}
  auth               ${loud(authLine(config))}${warning}

${page}  Next, in other terminals:${ownPath ? `\n    export SIGNAL_CLI_PATH=${ownPath}` : ''}
${nextSteps(config, url)
  .map((step) => `    ${step}\n`)
  .join('')}  Ctrl-C stops it, --help lists the options.

`;
}

function openWarning(loopback: boolean): string {
  return `  ! OPEN: anybody ${loopback ? 'on this machine' : 'who reaches it'} logs in under any name;
    no password is checked. For development only.`;
}

function authLine({ auth, jwtIssuer, users }: BannerFacts['config']): string {
  switch (auth) {
    case 'open':
      return auth;
    case 'token':
      return `token, of${CONTINUED}${jwtIssuer}`;
    case 'passwords':
      return `passwords, of the users in${CONTINUED}${users}`;
  }
}

function nextSteps({ auth, users }: BannerFacts['config'], url: string): string[] {
  const health = `curl ${url}/health`;
  switch (auth) {
    case 'open':
      return [
        `npx signal-cli answer --user bob --auto --url ${url}`,
        `npx signal-cli call bob --user alice --url ${url}`,
        health,
      ];
    case 'token':
      return [`npx signal-cli users --token-file FILE --url ${url}`, health];
    case 'passwords':
      return [
        `npx signal-server user add alice --users ${users}`,
        `npx signal-cli login alice --url ${url}`,
        `npx signal-cli users --url ${url}`,
        health,
      ];
  }
}
