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
  /** Whether a proxy says that it passed the request on, believed or not, or may have said so. */
  isForwarded: boolean;
}

/** Reads where a request, or the handshake of a socket, comes from. */
export type ReadClientAddress = (request: IncomingMessage) => ClientAddress;

/** How many headers Node keeps of a request when its server does not say: 2,000 lines, of names and of values. */
const DEFAULT_HEADERS = 1_000;

/** What proxies add, beside `X-Forwarded-*`. */
const SIGNS_OF_PROXIES = ['forwarded', 'via', 'x-real-ip'];

/**
 * `X-Forwarded-For`, `-Proto` and `-Host` count only when the peer is trusted, since anybody can write them, and when
 * none of them may be missing.
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
    const peer = socket.remoteAddress ?? '';
    const isCut = mayBeCut(request);
    const isBelieved = !isCut && isTrusted(peer, 0);
    const believed = (name: string) => (isBelieved ? first(headers[name]) : undefined);
    const hops = isBelieved ? [peer, ...forwardedFor(headers['x-forwarded-for'])] : [peer];
    const own = hops.findIndex((hop, index) => !isTrusted(hop, index));
    const proto = believed('x-forwarded-proto');
    return {
      // a trusted proxy may say `unknown`: then it is the nearest whose address is known
      address: (own < 0 ? hops : hops.slice(0, own + 1)).map(shortest).findLast(isKnown) ?? 'unknown',
      isEncrypted: proto === undefined ? 'encrypted' in socket : proto === 'https' || proto === 'wss',
      host: believed('x-forwarded-host') ?? headers.host,
      isForwarded: isCut || Object.keys(headers).some(isSignOfProxy),
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

/** Node drops the headers that are too many, and says nothing: behind junk those of a proxy would be. */
function mayBeCut({ rawHeaders, socket }: IncomingMessage): boolean {
  // http.Server sets it on each of its sockets; Node's types do not know
  const { server } = socket as { server?: { maxHeadersCount?: number | null } };
  const kept = server?.maxHeadersCount ?? DEFAULT_HEADERS;
  return kept > 0 && rawHeaders.length / 2 >= kept;
}

function isSignOfProxy(name: string): boolean {
  return SIGNS_OF_PROXIES.includes(name) || name.startsWith('x-forwarded-');
}

/** The nearest first. Some proxies add the port. */
function forwardedFor(header: string | string[] | undefined): string[] {
  const hops = String(header ?? '')
    .split(',')
    .reverse();
  const named = hops.map((hop) => hop.trim()).filter((hop) => hop !== '');
  return named.map((hop) => hop.replace(/^\[(.*)\](:\d+)?$|^([^:]*):\d+$/, '$1$3'));
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
