import { type AddressInfo, isIPv6 } from 'node:net';

/** The URL by which a client on this machine reaches an address that a server is bound to. */
export function urlOf(
  { address, port }: Pick<AddressInfo, 'address' | 'port'>,
  scheme: 'http' | 'https' = 'http',
): string {
  const host = isEveryAddress(address) ? 'localhost' : address;
  return `${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** Whether other machines reach an address. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

function isEveryAddress(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}
