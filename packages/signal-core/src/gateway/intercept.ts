import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

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
    if (event !== 'request' && event !== 'upgrade') return passOn(args);
    // the arguments of these two events are Node's own
    const guest = guestFor(req as IncomingMessage, guests);
    if (guest === undefined) return passOn(args);
    if (event === 'request') guest.onRequest(req as IncomingMessage, second as ServerResponse);
    else guest.onUpgrade(req as IncomingMessage, second as Duplex, head as Buffer);
    return true;
  };
  server.emit = emit;

  // Node hands out upgrades only while somebody listens for them
  const onForeignUpgrade = (req: IncomingMessage, socket: Duplex) => {
    if (server.listenerCount('upgrade') === 1) answerAsRequest(server, req, socket);
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

/** Without us the host would have got this upgrade as a plain request: it still does, and the connection is closed. */
function answerAsRequest(server: Server, req: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  const res = new ServerResponse(req);
  res.shouldKeepAlive = false;
  // upgrades of an http server come on its own TCP or TLS sockets
  res.assignSocket(socket as Socket);
  res.on('finish', () => {
    res.detachSocket(socket as Socket);
    socket.end();
  });
  if (!server.emit('request', req, res)) res.writeHead(404).end();
}
