import { createHmac } from 'node:crypto';
import type { UserId } from '../domain/ids.js';
import type { IceServer, TurnOptions } from './ice-options.js';

const DEFAULT_TTL_SECONDS = 600;

/** What a client needs to find a way to its peer. */
export interface IceGrant {
  iceServers: { urls: string | string[]; username?: string; credential?: string }[];
  /** How long the credentials are good, in seconds; absent when they do not lapse. */
  ttlSeconds?: number;
}

/**
 * The STUN and TURN servers for a user. The credentials of a TURN server that shares a secret with us lapse by
 * themselves, and tell it nothing but when (draft-uberti-behave-turn-rest-00, section 2.2).
 *
 * @param now - epoch milliseconds
 * @see SPEC.md, rules TURN-1 and TURN-2
 */
export function iceServersFor(
  { iceServers, turn }: { iceServers: readonly IceServer[]; turn?: TurnOptions },
  userId: UserId,
  now: number,
): IceGrant {
  const fixed = iceServers.map(({ urls, ...rest }) => ({ ...rest, urls: typeof urls === 'string' ? urls : [...urls] }));
  if (turn === undefined) return { iceServers: fixed };
  const ttlSeconds = turn.ttlSeconds ?? DEFAULT_TTL_SECONDS;
  const username = `${Math.floor(now / 1000) + ttlSeconds}:${userId}`;
  const credential = createHmac('sha1', turn.secret).update(username).digest('base64');
  return { iceServers: [...fixed, { urls: [...turn.urls], username, credential }], ttlSeconds };
}
