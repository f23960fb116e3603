import { EXIT } from '../exit-codes.js';
import { forgetLogin } from '../session/credentials.js';
import type { Context } from './context.js';

/** Forgets what `login` kept for this server. Servers have no logout: the token itself stays good until it lapses. */
export async function logout({ settings, output }: Context): Promise<number> {
  const { url, user } = settings;
  const names = (await forgetLogin(url, user)).map(({ user: { username } }) => username);
  const text =
    names.length === 0
      ? `nobody was logged in to ${url.origin}`
      : `forgot the login of ${names.join(', ')} at ${url.origin}; a token stays good there until it lapses`;
  output.show({ type: 'result', ok: true, exitCode: EXIT.ok, url: url.href, forgotten: names }, text);
  return EXIT.ok;
}
