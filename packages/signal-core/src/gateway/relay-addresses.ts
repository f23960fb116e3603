import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { IceServer, TurnOptions } from '../auth/ice-options.js';

/** Whether an IP address may be a relay's. */
export type MayBeRelay = (address: string) => boolean;

/** What a TURN server of this machine, or of this network, relays from. */
const LOCAL = ['loopback', 'private', 'uniqueLocal'];

/** Where a TURN URL leads (RFC 7065, section 3.1). */
const TURN_HOST = /^turns?:(?:\[([^\]]*)\]|([^:?]*))/i;

/**
 * A relay stands on the public internet. A client may write any address and call it a relay's: one that is not of the
 * internet would have its peer send into a network of its own. Only with a TURN server whose URL is such an address,
 * or `localhost`, do relays stand there.
 *
 * @see SPEC.md, rule TURN-4
 */
export function relayAddresses({
  iceServers,
  turn,
}: {
  iceServers: readonly Pick<IceServer, 'urls'>[];
  turn?: Pick<TurnOptions, 'urls'>;
}): MayBeRelay {
  const urls = [...iceServers, ...(turn === undefined ? [] : [turn])].flatMap((server) => server.urls);
  const hasLocal = urls.some(isLocalUrl);
  return (address) => isPublic(address) || (hasLocal && LOCAL.includes(ipaddr.process(address).range()));
}

function isPublic(address: string): boolean {
  const known = ipaddr.process(address);
  // of IPv6 only 2000::/3 is given out (RFC 4291, section 2.4)
  return known.range() === 'unicast' && (known instanceof ipaddr.IPv4 || (known.parts[0] ?? 0) >> 13 === 1);
}

function isLocalUrl(url: string): boolean {
  const [, v6, name] = TURN_HOST.exec(url) ?? [];
  const host = v6 ?? name ?? '';
  return host.toLowerCase() === 'localhost' || (isIP(host) !== 0 && LOCAL.includes(ipaddr.process(host).range()));
}
