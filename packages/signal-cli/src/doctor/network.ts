import { lookup } from 'node:dns/promises';
import { isIP, type Socket, connect as tcpConnect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { inTime } from '../session/in-time.js';

/** Where a connection goes. */
export interface Place {
  /** A name or an address, of IPv6 without brackets. */
  host: string;
  port: number;
}

/** Where a server is. */
export function placeOf({ hostname, port, protocol }: URL): Place {
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
  };
}

/** The addresses of a name; none when it is an address itself. */
export async function addressesOf(host: string, timeoutMs: number): Promise<string[]> {
  if (isIP(host) !== 0) return [];
  const found = await inTime(lookup(host, { all: true }), timeoutMs, 'the name');
  return found.map(({ address }) => address);
}

/** Connects, and closes again. */
export async function tryTcp(place: Place, timeoutMs: number): Promise<void> {
  const socket = tcpConnect(place);
  await whenOpen(socket, 'connect', timeoutMs);
  socket.destroy();
}

/**
 * Makes a TLS connection, and closes it again.
 *
 * @returns until when the certificate is good, in epoch milliseconds
 */
export async function tryTls({ host, port }: Place, timeoutMs: number): Promise<number> {
  const socket = tlsConnect({ host, port, ...(isIP(host) === 0 && { servername: host }) });
  await whenOpen(socket, 'secureConnect', timeoutMs);
  const { valid_to: until } = socket.getPeerCertificate();
  socket.destroy();
  return Date.parse(until);
}

async function whenOpen(socket: Socket, event: 'connect' | 'secureConnect', timeoutMs: number): Promise<void> {
  const opened = new Promise<void>((resolve, reject) => {
    socket.once(event, resolve);
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('closed by the other side')));
  });
  try {
    await inTime(opened, timeoutMs, 'the connection');
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
