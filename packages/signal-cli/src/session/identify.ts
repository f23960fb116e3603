import { Failure } from '../failure.js';
import { type Settings, STEP_TIMEOUT_MS } from '../settings.js';
import { loadLogin } from './credentials.js';
import { ownToken } from './own-token.js';
import { type Identity, login } from './rest.js';

// In open mode any password works. Where passwords are checked this one is refused, and the message says to log in.
const OPEN_MODE_PASSWORD = 'open';

/** Who this command acts as: whose token was brought along, else `--user`, else the login kept for this server. */
export async function identify(settings: Settings): Promise<Identity> {
  const own = await ownToken(settings);
  if (own) return own;
  const stored = await loadLogin(settings.url);
  if (settings.user === undefined) {
    if (stored) return stored;
    throw new Failure('usage', 'who are you? add --user NAME, or log in first with: signal-cli login NAME');
  }
  if (stored?.user.username === settings.user) return stored;
  const target = { url: settings.url, timeoutMs: settings.timeout ?? STEP_TIMEOUT_MS };
  return login(target, settings.user, OPEN_MODE_PASSWORD);
}
