import type { ServerConfig } from './server-config.js';

type Name = keyof ServerConfig;

/** Settings that mean something in one mode only. */
const SETTINGS_OF_MODES: readonly [ServerConfig['auth'], readonly Name[]][] = [
  ['token', ['jwksUrl', 'jwtIssuer', 'jwtAudience', 'jwtSecret']],
  ['passwords', ['users', 'secret']],
];

/**
 * What settings say together that cannot be done. A setting of a mode that is not the chosen one is a mistake too:
 * whoever wrote it believes that the server is closed.
 *
 * @param nameOf - how the reader writes a setting
 * @returns one line that says what to do, or nothing
 * @see SPEC.md, rules SRV-17, SRV-19 and SRV-20
 */
export function contradictionIn(
  config: ServerConfig,
  { isProduction, nameOf }: { isProduction: boolean; nameOf: (name: Name) => string },
): string | undefined {
  const has = (name: Name) => config[name] !== undefined;
  const missing = (name: Name, what: string) => (has(name) ? undefined : `${what}: set ${nameOf(name)}`);
  const mode = `${nameOf('auth')} ${config.auth}`;

  for (const [ofMode, names] of SETTINGS_OF_MODES) {
    const stray = names.find(has);
    if (ofMode !== config.auth && stray !== undefined) {
      return `${nameOf(stray)} is for ${nameOf('auth')} ${ofMode}, and this is ${mode}: choose that mode, or leave it out`;
    }
  }
  if (config.auth === 'token') {
    if (has('jwksUrl') === has('jwtSecret')) {
      const keys = `${nameOf('jwksUrl')} or ${nameOf('jwtSecret')}`;
      return has('jwksUrl') ? `${keys}: not both` : `${mode} needs the keys of the issuer: set ${keys}`;
    }
    const fault =
      missing('jwtIssuer', `${mode} needs the issuer of the tokens`) ??
      missing('jwtAudience', `${mode} needs the audience of the tokens`);
    if (fault !== undefined) return fault;
  }
  if (config.auth === 'passwords') {
    const fault = missing('users', `${mode} needs a users file`);
    if (fault !== undefined) return fault;
    if (isProduction && !has('secret')) {
      return `${mode} in production needs a secret that outlives the process: export ${nameOf('secret')}="$(openssl rand -base64 32)", and keep it`;
    }
  }
  if (config.turnUrls.length > 0 !== has('turnSecret')) {
    return has('turnSecret')
      ? `${nameOf('turnSecret')} is for a TURN server: set ${nameOf('turnUrls')}, or leave it out`
      : `${nameOf('turnUrls')} needs the secret of the TURN server: set ${nameOf('turnSecret')}`;
  }
  if (config.page && config.auth !== 'open') {
    return `${nameOf('page')} is for ${nameOf('auth')} open, and this is ${mode}: the page asks for no password; leave it out`;
  }
  if (has('metricsToken') && !config.metrics) {
    return `${nameOf('metricsToken')} is for ${nameOf('metrics')}: set that, or leave it out`;
  }
  return (
    (has('tlsCert') ? missing('tlsKey', `${nameOf('tlsCert')} needs the key of the certificate`) : undefined) ??
    (has('tlsKey') ? missing('tlsCert', `${nameOf('tlsKey')} needs its certificate`) : undefined)
  );
}
