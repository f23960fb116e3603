import type { Session } from '../../domain/session.js';
import type { ClientEvent, ClientPayload } from '../../protocol/client-events.js';
import type { ErrorBody } from '../../protocol/errors.js';
import type { Connection } from '../connection.js';
import type { GatewayContext } from '../gateway-context.js';
import type { Reply } from '../reply.js';

export interface Request<E extends ClientEvent> {
  context: GatewayContext;
  connection: Connection;
  payload: ClientPayload<E>;
  reply: Reply;
}

interface Common {
  /** What a client without acknowledgements is told of a refusal besides `signal_error`. */
  onRefused?(context: GatewayContext, connection: Connection, error: ErrorBody): void;
}

/** An event that needs no session. */
export interface OpenHandler<E extends ClientEvent> extends Common {
  needs: 'nothing';
  handle(request: Request<E>): void | Promise<void>;
}

/** An event of a joined device; answers with the result, or throws a `SignalingError`. */
export interface JoinedHandler<E extends ClientEvent> extends Common {
  needs: 'session';
  handle(request: Request<E>, session: Session): object | Promise<object>;
}

export type Handler<E extends ClientEvent> = OpenHandler<E> | JoinedHandler<E>;
export type Handlers = { [E in ClientEvent]: Handler<E> };
