import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** One client's connection and the one that it is passed on to. */
type Pair = readonly [client: Socket, server: Socket];

/**
 * A network between clients and a server, for tests of losses: it forwards bytes until it is told not to.
 *
 * @example
 * const proxy = await TcpProxy.before(server.url);
 * const alice = new ScriptedClient({ url: proxy.url, transport: 'websocket', name: 'alice' });
 * proxy.freeze();
 */
export class TcpProxy {
  /** How long every chunk of bytes is under way, in milliseconds, each way. */
  delayMs = 0;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #isFrozen = false;
  #isDown = false;
  #thawed: Promise<void> = Promise.resolve();
  #thaw = () => {};

  /** @param target - where to pass connections on to */
  private constructor(target: { host: string; port: number }) {
    // half open: the end of one direction says nothing about the other
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      if (this.#isDown) client.resetAndDestroy();
      else this.#join(client, connect({ ...target, allowHalfOpen: true }));
    });
  }

  /**
   * Listens on a free port of 127.0.0.1.
   *
   * @param url - of the server that is behind, such as `http://127.0.0.1:3001`
   */
  static async before(url: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const proxy = new TcpProxy({ host: hostname, port: Number(port) });
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** Where clients connect in place of the server. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Connections that it forwards now. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** Resets every connection, on both sides; new ones are taken. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  /** Resets every connection, and each that is tried from now on: the network is gone. */
  goDown(): void {
    this.#isDown = true;
    this.cut();
  }

  /** The network is back. */
  comeUp(): void {
    this.#isDown = false;
  }

  /** Becomes a black hole: from now on neither bytes nor ends pass, and nobody is told. */
  freeze(): void {
    if (this.#isFrozen) return;
    this.#isFrozen = true;
    this.#thawed = new Promise((resolve) => {
      this.#thaw = resolve;
    });
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  /** Lets everything pass again, what came meanwhile first. */
  thaw(): void {
    if (!this.#isFrozen) return;
    this.#isFrozen = false;
    this.#thaw();
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  /** Cuts everything and listens no more. Idempotent. */
  async close(): Promise<void> {
    this.thaw();
    this.cut();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #join(client: Socket, server: Socket): void {
    const pair: Pair = [client, server];
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [server, client] as const]) {
      from.on('close', () => this.#pairs.delete(pair));
      this.#forward(from, to);
      if (this.#isFrozen) from.pause();
    }
  }

  #forward(from: Socket, to: Socket): void {
    let sent: Promise<unknown> = Promise.resolve();
    /** What is under way keeps its order, whatever becomes of the delay. */
    const later = (pass: () => void) => {
      const arrival = this.delayMs > 0 ? pause(this.delayMs) : undefined;
      sent = sent
        .then(() => arrival)
        .then(() => this.#thawed)
        .then(pass);
    };
    const pass = (chunk: Buffer) => {
      if (to.destroyed || to.write(chunk)) return;
      from.pause();
      to.once('drain', () => this.#isFrozen || from.resume());
    };
    from.setNoDelay(true);
    from.on('data', (chunk) => later(() => pass(chunk)));
    from.on('end', () => later(() => to.end()));
    from.on('error', () => {});
    // a reset is passed on as one
    from.on('close', () => from.readableEnded || later(() => to.resetAndDestroy()));
  }
}
