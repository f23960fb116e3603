import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Socket as EngineSocket } from 'engine.io';
import { networkOf, type ReadClientAddress } from '../../client-address.js';
import type { Limits } from '../../limits.js';
import type { ErrorCode } from '../../protocol/errors.js';

/** When somebody who was turned away may try again, in seconds. */
const RETRY_AFTER_S = 5;

/** Why a handshake is turned away. */
interface Refusal {
  status: 429 | 503;
  code: ErrorCode;
  error: string;
}

const FULL: Refusal = { status: 503, code: 'unavailable', error: 'the server takes no more connections; try again' };
const DRAINING: Refusal = { status: 503, code: 'server_draining', error: 'the server is going down; reconnect' };
const TOO_MANY: Refusal = { status: 429, code: 'rate_limited', error: 'too many connections from this address' };

/**
 * Who may open a connection while there are so many, or while the server goes down. Asked before the engine makes
 * anything of the request.
 *
 * @see SPEC.md, rules LIMIT-8 and NODE-11
 */
export class Admission {
  readonly #limits: Pick<Limits, 'connections' | 'connectionsPerAddress'>;
  readonly #readAddress: ReadClientAddress;
  readonly #byNetwork = new Map<string, number>();
  #count = 0;
  /** Whether the server has such a connection, once it takes no others. */
  #isHere: ((sid: string) => boolean) | undefined;

  constructor(limits: Pick<Limits, 'connections' | 'connectionsPerAddress'>, readAddress: ReadClientAddress) {
    this.#limits = limits;
    this.#readAddress = readAddress;
  }

  /** From now on all is turned away that is not of a connection to this server: another one may know it. */
  shut(isHere: (sid: string) => boolean): void {
    this.#isHere = isHere;
  }

  /** @returns why the request is turned away, if it is */
  refuse(request: IncomingMessage): Refusal | undefined {
    const { connections, connectionsPerAddress } = this.#limits;
    const isFull = this.#count >= connections;
    if (this.#isHere !== undefined) return this.#isHere(sidOf(request)) ? undefined : DRAINING;
    if (!isFull && connectionsPerAddress === Number.POSITIVE_INFINITY) return undefined;
    if (!isHandshake(request)) return undefined;
    if (isFull) return FULL;
    return (this.#byNetwork.get(this.#networkOf(request)) ?? 0) >= connectionsPerAddress ? TOO_MANY : undefined;
  }

  /** A connection is open; it counts until it is closed. */
  count(socket: EngineSocket): void {
    this.#count += 1;
    socket.once('close', () => {
      this.#count -= 1;
    });
    if (this.#limits.connectionsPerAddress === Number.POSITIVE_INFINITY) return;
    const network = this.#networkOf(socket.request);
    this.#byNetwork.set(network, (this.#byNetwork.get(network) ?? 0) + 1);
    socket.once('close', () => {
      const left = (this.#byNetwork.get(network) ?? 0) - 1;
      if (left > 0) this.#byNetwork.set(network, left);
      else this.#byNetwork.delete(network);
    });
  }

  #networkOf(request: IncomingMessage): string {
    return networkOf(this.#readAddress(request).address);
  }
}

/** What belongs to a connection names it; of several names Engine.IO takes the last. */
export function isHandshake(request: IncomingMessage): boolean {
  return sidOf(request) === '';
}

function sidOf({ url = '' }: IncomingMessage): string {
  return new URL(url, 'http://host').searchParams.getAll('sid').at(-1) ?? '';
}

export function turnAway(res: ServerResponse, { status, ...body }: Refusal): void {
  res.writeHead(status, headersOf(JSON.stringify(body))).end(JSON.stringify(body));
}

/** The same for an upgrade, which has a socket and no response. */
export function turnAwayUpgrade(socket: Duplex, { status, ...body }: Refusal): void {
  const text = JSON.stringify(body);
  const lines = Object.entries(headersOf(text)).map(([name, value]) => `${name}: ${value}`);
  const reason = status === 503 ? 'Service Unavailable' : 'Too Many Requests';
  // it may be gone already
  socket.on('error', () => {});
  socket.end([`HTTP/1.1 ${status} ${reason}`, ...lines, '', text].join('\r\n'), () => socket.destroy());
}

function headersOf(body: string) {
  return {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Retry-After': RETRY_AFTER_S,
    Connection: 'close',
  };
}
