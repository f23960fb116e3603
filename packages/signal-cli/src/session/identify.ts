import { Failure } from '../failure.js';
import { type Settings, STEP_TIMEOUT_MS } from '../settings.js';
import { loadLogin } from './credentials.js';
import { ownToken } from './own-token.js';
import { type Identity, listUsers, login, type Target } from './rest.js';

// In open mode any password works.
const OPEN_MODE_PASSWORD = 'open';

/**
 * Who this command acts as: whose token was brought along, else `--user`, else the login kept for this server.
 *
 * @throws Failure when nobody is named, or `--user` has no login where one is needed
 * @see SPEC.md, rule CLI-6
 */
export async function identify(settings: Settings): Promise<Identity> {
  const known = await knownIdentity(settings);
  if (known) return known;
  if (settings.user === undefined) {
    throw new Failure('usage', 'who are you? add --user NAME, or log in first with: signal-cli login NAME');
  }
  const target = targetOf(settings);
  // refused unless the mode is open: elsewhere a guess would count as a failed login of that user
  await listUsers(target, true);
  return login(target, settings.user, OPEN_MODE_PASSWORD);
}

/** Whose token was brought along, else the login kept for this server, when it is that of `--user`. */
export async function knownIdentity(settings: Settings): Promise<Identity | undefined> {
  const own = await ownToken(settings);
  if (own) return own;
  return loadLogin(settings.url, settings.user);
}

/** Where this command asks, as whom, and how long it waits for the answer. */
export function targetOf({ url, user, timeout = STEP_TIMEOUT_MS }: Settings, token?: string): Target {
  return { url, user, token, timeoutMs: timeout };
}
