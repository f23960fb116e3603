import type { Socket } from 'socket.io';
import type { ClosedAuthenticator } from '../auth/authenticator.js';
import type { Identity } from '../auth/identity.js';
import { SignalingError } from '../protocol/errors.js';
import type { Connection } from './connection.js';
import type { GatewayContext } from './gateway-context.js';

/**
 * Who opens a connection: by the token of its handshake, or else by what the host knows of the request.
 *
 * @returns `undefined` without credentials: they may come with `join`
 * @throws SignalingError `unauthorized`, `token_expired` or `unavailable`
 * @see SPEC.md, rules AUTH-2 and AUTH-3
 */
export async function whoConnects(
  authenticator: ClosedAuthenticator,
  { handshake, request }: Socket,
): Promise<Identity | undefined> {
  const token: unknown = handshake.auth.token;
  if (token === undefined || token === null) return authenticator.identify(request);
  // what is no string is no token either
  return authenticator.verify(typeof token === 'string' ? token : '');
}

/**
 * Who joins: by the token of the `join`, or by the credentials that the connection has shown before.
 *
 * @returns `undefined` in `open`, where the client says who it is
 * @throws SignalingError `unauthorized`, `token_expired`, `identity_mismatch` or `unavailable`
 * @see SPEC.md, rules AUTH-1 to AUTH-3
 */
export async function whoJoins(
  context: GatewayContext,
  connection: Connection,
  { id, token }: { id: string; token?: string | undefined },
): Promise<Identity | undefined> {
  if (context.authenticator.mode === 'open') return undefined;
  if (token !== undefined) await showToken(context, connection, token);
  const { identity } = connection.credentials;
  if (identity === undefined) throw new SignalingError('unauthorized', 'no credentials; log in, and show the token');
  if (identity.id !== id) throw new SignalingError('identity_mismatch', 'the credentials are those of another id');
  return identity;
}

/**
 * From now on the connection lives by this token.
 *
 * @throws SignalingError `unauthorized`, `token_expired`, `identity_mismatch` or `unavailable`
 */
export async function showToken(
  { authenticator }: GatewayContext,
  { credentials, session }: Connection,
  token: string,
): Promise<Identity | undefined> {
  if (authenticator.mode === 'open') return undefined;
  const identity = await authenticator.verify(token);
  if (credentials.identity !== undefined && credentials.identity.id !== identity.id) {
    throw new SignalingError('identity_mismatch', 'the token is of another id than this connection');
  }
  if (session !== undefined && !isOfScope(identity, session.scope, credentials.identity)) {
    throw new SignalingError('identity_mismatch', 'the token is of another scope; connect anew with it');
  }
  credentials.show(identity);
  return identity;
}

/** What says nothing of a scope fits a device that was placed without credentials, too. */
function isOfScope({ scope }: Identity, ofDevice: string, before: Identity | undefined): boolean {
  return scope === undefined ? before?.scope === undefined : scope === ofDevice;
}
