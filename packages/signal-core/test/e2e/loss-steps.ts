import { expect } from 'vitest';
import type { LegacyClient } from './legacy-client.ts';

/** The peer is told that the other end is away, or back. */
export const told = (peer: LegacyClient, status: 'peer_reconnecting' | 'peer_reconnected') =>
  peer.next('call_status', (call) => call.status === status);

/** Loses the transport, and waits until the peer in the call is told. */
export async function loseInCall(client: LegacyClient, peer: LegacyClient, callId: string) {
  await client.drop();
  expect(await told(peer, 'peer_reconnecting')).toEqual({ status: 'peer_reconnecting', callId });
}
