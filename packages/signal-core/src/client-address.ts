import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import proxyAddr from 'proxy-addr';
import type { TrustProxy } from './options.js';

/** Where a request comes from, as far as those are believed who brought it. */
export interface ClientAddress {
  /** The IP address in its shortest form, IPv4-mapped ones as IPv4; `'unknown'` once the connection is gone. */
  address: string;
  /** Whether the client spoke TLS. */
  isEncrypted: boolean;
  /** The host, and port if it is not the default, that the client asked for. */
  host: string | undefined;
  /** Whether a proxy says that it passed the request on, believed or not. */
  isForwarded: boolean;
}

/** Reads where a request, or the handshake of a socket, comes from. */
export type ReadClientAddress = (request: IncomingMessage) => ClientAddress;

/**
 * `X-Forwarded-For`, `-Proto` and `-Host` count only when the peer is trusted, since anybody can write them.
 *
 * @param trustProxy - so many hops from here, or addresses and networks
 * @see SPEC.md, rule LIMIT-11
 */
export function clientAddressReader(trustProxy: TrustProxy): ReadClientAddress {
  const isTrusted =
    typeof trustProxy === 'number'
      ? (_address: string, hop: number) => hop < trustProxy
      : proxyAddr.compile([...trustProxy]);
  return (request) => {
    const { socket, headers } = request;
    const believed = (name: string) => (isTrusted(socket.remoteAddress ?? '', 0) ? first(headers[name]) : undefined);
    const proto = believed('x-forwarded-proto');
    return {
      // a trusted proxy may say `unknown`: then it is the nearest whose address is known
      address: proxyAddr.all(request, isTrusted).map(shortest).findLast(isKnown) ?? 'unknown',
      isEncrypted: proto === undefined ? 'encrypted' in socket : proto === 'https' || proto === 'wss',
      host: believed('x-forwarded-host') ?? headers.host,
      isForwarded: Object.keys(headers).some((name) => name === 'forwarded' || name.startsWith('x-forwarded-')),
    };
  };
}

/**
 * What is counted as one client: an IPv4 address, or the /64 that one subscriber of IPv6 has to spend.
 *
 * @param address - as in {@link ClientAddress}
 */
export function networkOf(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address;
  const { parts } = ipaddr.IPv6.parse(address);
  return `${new ipaddr.IPv6([...parts.slice(0, 4), 0, 0, 0, 0])}/64`;
}

/** Whether a request comes from this very machine, and nobody passed it on. */
export function isLocal({ address, isForwarded }: ClientAddress): boolean {
  return !isForwarded && isKnown(address) && ipaddr.parse(address).range() === 'loopback';
}

function shortest(address: string | undefined): string | undefined {
  return isKnown(address) ? ipaddr.process(address).toString() : undefined;
}

function isKnown(address: string | undefined): address is string {
  return address !== undefined && ipaddr.isValid(address);
}

/** Of a list that proxies have added to, the first is what the client's own proxy saw. */
function first(header: string | string[] | undefined): string | undefined {
  const [value = ''] = String(header ?? '').split(',');
  return value.trim() || undefined;
}
