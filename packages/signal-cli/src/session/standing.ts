import type { Settings } from '../settings.js';
import { loadLogin } from './credentials.js';
import { claimsOf, ownToken } from './own-token.js';
import type { Identity } from './rest.js';

/** Who acts by these settings, as far as can be told without asking the server. */
export type Standing =
  | { kind: 'nobody' }
  /** By `--user` alone: an open server takes that. */
  | { kind: 'named'; username: string; from: string }
  /** By a token; `expiresAt` in epoch milliseconds, null when it does not say. */
  | { kind: 'proven'; identity: Identity; from: string; expiresAt: number | null; isLapsed: boolean };

/** @param now - epoch milliseconds */
export async function standingOf(settings: Settings, now: number): Promise<Standing> {
  const own = await ownToken(settings);
  const identity = own ?? (await loadLogin(settings.url, settings.user));
  if (identity) {
    const { exp } = claimsOf(identity.token);
    const expiresAt = typeof exp === 'number' ? exp * 1000 : null;
    const brought = settings.tokenFile === undefined ? 'SIGNAL_CLI_TOKEN' : '--token-file';
    const from = own ? brought : 'login';
    return { kind: 'proven', identity, from, expiresAt, isLapsed: expiresAt !== null && expiresAt <= now };
  }
  const { user, sources } = settings;
  if (user === undefined) return { kind: 'nobody' };
  return { kind: 'named', username: user, from: sources.user?.name ?? '--user' };
}
