import type { IncomingMessage } from 'node:http';
import { Server as Engine, type ServerOptions, type Transport } from 'engine.io';
import { setCloseTimeout } from '../wire.js';
import { boundControls } from './control-packets.js';
import { CLOSE_TIMEOUT_MS } from './line.js';

/** What one transport may send that is no message. */
type Bounds = Parameters<typeof boundControls>[1];

/**
 * Engine.IO's server, with bounds on what it counts nowhere: every transport has them from its first byte, also the
 * WebSocket that a polling client only tries.
 *
 * @see SPEC.md, rules LIMIT-3, LIMIT-9 and LIMIT-10
 */
export class BoundedEngine extends Engine {
  readonly #bounds: Bounds;

  constructor(options: ServerOptions, bounds: Bounds) {
    super(options);
    this.#bounds = bounds;
    setCloseTimeout(this, CLOSE_TIMEOUT_MS);
  }

  /** Whether there is such a connection. */
  has(sid: string): boolean {
    return Object.hasOwn(this.clients, sid);
  }

  protected override createTransport(name: 'polling' | 'websocket', req: IncomingMessage): Transport {
    const transport = super.createTransport(name, req);
    boundControls(transport, this.#bounds);
    return transport;
  }
}
