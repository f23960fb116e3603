import { isIP } from 'node:net';
import type { IceServerList } from 'signal-core/client';
import { formatDuration } from '../format/duration.js';
import { isLoopback } from '../load/loopback.js';
import { type Finding, reasonOf, reportOn } from './finding.js';
import { addressesOf, type Place, tryTcp, tryTls } from './network.js';
import { askStun } from './stun.js';

interface IceUrl extends Place {
  by: 'udp' | 'tcp' | 'tls';
}

const PORT = 3478;
const TLS_PORT = 5349;

/** Asks each STUN and TURN server whether it is there. */
export async function* iceChecks(servers: IceServerList, url: URL, timeoutMs: number): AsyncGenerator<Finding> {
  const { ok, note } = reportOn('ice', 'unreachable');
  const urls = [...new Set(servers.flatMap((server) => server.urls))];
  if (urls.length === 0) {
    yield isLoopback(url)
      ? ok('no STUN or TURN server, nor needed on one machine')
      : note('no STUN or TURN server', 'name some to the server: calls beyond one network fail without');
  }
  for (const text of urls) yield await checkIce(text, timeoutMs);
}

async function checkIce(text: string, timeoutMs: number): Promise<Finding> {
  const { ok, skip, fail } = reportOn('ice', 'unreachable');
  const place = parseIceUrl(text);
  if (place === undefined) return skip(`${text} is of no kind that is known here`);
  const startedAt = performance.now();
  try {
    await reach(place, timeoutMs);
    return ok(`${text} answers in ${formatDuration(performance.now() - startedAt)}`);
  } catch (error) {
    return fail(
      `${text}: ${reasonOf(error)}`,
      `is it up, and does the firewall pass ${place.by === 'udp' ? 'UDP' : 'TCP'} port ${place.port}?`,
    );
  }
}

async function reach(place: IceUrl, timeoutMs: number): Promise<void> {
  if (place.by === 'tls') await tryTls(place, timeoutMs);
  else if (place.by === 'tcp') await tryTcp(place, timeoutMs);
  else {
    const [address = place.host] = isIP(place.host) === 0 ? await addressesOf(place.host, timeoutMs) : [];
    await askStun({ host: address, port: place.port }, timeoutMs);
  }
}

/** `stun:host[:port]`, `turn:host[:port][?transport=tcp]`, `turns:…` (RFC 7064 and 7065). */
export function parseIceUrl(text: string): IceUrl | undefined {
  const match = /^(stun|turn)(s?):(\[[\da-f:.]+\]|[^:?[\]]+)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i.exec(text);
  if (!match) return undefined;
  const [, , secure, host = '', port, transport] = match;
  const by = secure ? 'tls' : transport?.toLowerCase() === 'tcp' ? 'tcp' : 'udp';
  // over TLS and UDP, that is DTLS, nothing here speaks
  if (secure && transport?.toLowerCase() === 'udp') return undefined;
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? (secure ? TLS_PORT : PORT) : Number(port),
    by,
  };
}
