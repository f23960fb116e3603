import type { Server } from 'node:http';
import { type AddressInfo, createServer, type Server as NetServer } from 'node:net';
import { UsageError } from './usage-error.js';

/** Free ports of 127.0.0.1 that are tried until one is free on ::1 too. */
const FREE_PORT_ATTEMPTS = 10;

export interface Listening {
  /** The bound addresses, all of one port. */
  addresses: AddressInfo[];
  /** Stops accepting connections; resolves when the last one is gone. */
  close(): Promise<void>;
}

/**
 * Listens on `host`, or without one on the loopback addresses of this machine: 127.0.0.1 and, where present, ::1,
 * on one port, because `localhost` means either.
 *
 * @throws UsageError when the address cannot be had
 */
export async function listen(httpServer: Server, port: number, host: string | undefined): Promise<Listening> {
  if (host !== undefined) {
    await bind(httpServer, port, host);
    return { addresses: [addressOf(httpServer)], close: () => closeAll([httpServer]) };
  }
  for (let attempt = 1; ; attempt += 1) {
    await bind(httpServer, port, '127.0.0.1');
    const ipv4 = addressOf(httpServer);
    const second = secondDoor(httpServer);
    try {
      await bind(second, ipv4.port, '::1');
      return { addresses: [ipv4, addressOf(second)], close: () => closeAll([httpServer, second]) };
    } catch (error) {
      if (hasNoIpv6(error)) return { addresses: [ipv4], close: () => closeAll([httpServer]) };
      await closeAll([httpServer]);
      if (port !== 0 || attempt === FREE_PORT_ATTEMPTS) throw error;
    }
  }
}

/** Another listening socket of the same http server, which takes its connections as its own. */
function secondDoor(httpServer: Server): NetServer {
  // The options that an http server gives its own listening socket.
  return createServer({ noDelay: true, allowHalfOpen: true }, (socket) => httpServer.emit('connection', socket));
}

function bind(server: NetServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(explain(error, port, host));
    server.once('error', onError);
    server.listen({ port, host }, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

function explain(error: NodeJS.ErrnoException, port: number, host: string): Error {
  const message = reasons[error.code ?? '']?.(port, host);
  return message === undefined ? error : new UsageError(message, { cause: error });
}

const reasons: Readonly<Record<string, (port: number, host: string) => string>> = {
  EADDRINUSE: (port, host) =>
    `port ${port} on ${host} is taken: choose another with --port (or PORT); --port 0 takes a free one`,
  EACCES: (port) => `port ${port} needs more rights than this process has: choose one above 1023 with --port (or PORT)`,
  EADDRNOTAVAIL: noSuchAddress,
  EAFNOSUPPORT: noSuchAddress,
  EINVAL: noSuchAddress,
  ENOTFOUND: noSuchAddress,
  EAI_AGAIN: noSuchAddress,
};

function noSuchAddress(_port: number, host: string): string {
  return `host ${host} is no address of this machine: choose another with --host (or HOST)`;
}

function hasNoIpv6(error: unknown): boolean {
  const cause = error instanceof UsageError ? error.cause : error;
  return cause instanceof Error && 'code' in cause && (cause.code === 'EADDRNOTAVAIL' || cause.code === 'EAFNOSUPPORT');
}

function addressOf(server: NetServer): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no TCP port');
  return address;
}

async function closeAll(servers: NetServer[]): Promise<void> {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
}
