import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server as TlsServer } from 'node:tls';

/** Who serves one path of an http server. */
export interface Guest {
  /** Without a trailing slash. */
  path: string;
  onRequest(req: IncomingMessage, res: ServerResponse): void;
  onUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
}

interface Interception {
  guests: Set<Guest>;
  remove(): void;
}

/** What Node emits for a request: it depends on the headers, and on what the host listens for. */
const REQUEST_EVENTS: ReadonlySet<unknown> = new Set(['request', 'checkContinue', 'checkExpectation']);

/** One interception by server, shared by all guests, removed with the last. */
const interceptions = new WeakMap<Server, Interception>();

/**
 * Serves exactly one path of somebody's http server, before any listener of the host. Node calls *every* `request`
 * listener, so the host must not see what is ours: `emit` is where both part.
 *
 * @returns how to stop; the server is then as it was
 * @see SPEC.md, rules HOST-1 to HOST-5
 */
export function intercept(server: Server, guest: Guest): () => void {
  const interception = interceptions.get(server) ?? startInterception(server);
  interception.guests.add(guest);
  return () => {
    if (!interception.guests.delete(guest) || interception.guests.size > 0) return;
    interceptions.delete(server);
    interception.remove();
  };
}

function startInterception(server: Server): Interception {
  const guests = new Set<Guest>();
  const hostEmit = Object.hasOwn(server, 'emit') ? server.emit : undefined;
  const passOn = (args: unknown[]): boolean =>
    // inherited, it is looked up at each call: somebody may instrument the prototype meanwhile
    Reflect.apply(hostEmit ?? Object.getPrototypeOf(server).emit, server, args);

  const emit = (...args: unknown[]): boolean => {
    const [event, req, second, head] = args;
    if (event !== 'upgrade' && !REQUEST_EVENTS.has(event)) return passOn(args);
    // the arguments of these events are Node's own
    const guest = guestFor(req as IncomingMessage, guests);
    if (guest === undefined) return passOn(args);
    if (event === 'checkContinue') (second as ServerResponse).writeContinue();
    if (event === 'upgrade') guest.onUpgrade(req as IncomingMessage, second as Duplex, head as Buffer);
    else guest.onRequest(req as IncomingMessage, second as ServerResponse);
    return true;
  };
  server.emit = emit;

  // Node hands out upgrades only while somebody listens for them
  const onForeignUpgrade = (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (server.listenerCount('upgrade') === 1) giveBack(server, req, socket, head);
  };
  server.on('upgrade', onForeignUpgrade);

  const interception = {
    guests,
    remove() {
      server.off('upgrade', onForeignUpgrade);
      // who wrapped us meanwhile keeps a function that passes everything on
      if (server.emit !== emit) return;
      if (hostEmit === undefined) Reflect.deleteProperty(server, 'emit');
      else server.emit = hostEmit;
    },
  };
  interceptions.set(server, interception);
  return interception;
}

function guestFor(req: IncomingMessage, guests: Set<Guest>): Guest | undefined {
  const [path] = (req.url ?? '').split('?', 1);
  for (const guest of guests) if (path === guest.path || path === `${guest.path}/`) return guest;
  return undefined;
}

/**
 * Without us the host would have got this upgrade as a plain request: Node reads it anew, as one that is no upgrade and
 * closes the connection.
 */
function giveBack(server: Server, req: IncomingMessage, socket: Duplex, rest: Buffer): void {
  const lines = [`${req.method} ${req.url} HTTP/${req.httpVersion}`, 'Connection: close'];
  for (let at = 0; at < req.rawHeaders.length; at += 2) {
    const [name, value] = req.rawHeaders.slice(at, at + 2);
    // Node's parser takes both for the one that makes an upgrade of an `Upgrade` header
    if (!/^(proxy-)?connection$/i.test(name ?? '')) lines.push(`${name}: ${value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), rest]));
  // the events by which a server takes a socket, this one being decrypted already
  server.emit(server instanceof TlsServer ? 'secureConnection' : 'connection', socket);
}
