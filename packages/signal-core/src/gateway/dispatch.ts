import { type ClientEvent, clientEventSchemas } from '../protocol/client-events.js';
import { type ErrorBody, SignalingError } from '../protocol/errors.js';
import { OVERSIZED } from './bounded-decoder.js';
import type { Connection } from './connection.js';
import type { GatewayContext } from './gateway-context.js';
import type { Handler, Request } from './handlers/handler.js';
import { handlers } from './handlers/handlers.js';
import { errorBody, Reply } from './reply.js';

/** Events that wait behind one that is being handled; a store that hangs must not fill the memory. */
const MAX_QUEUED = 256;
const MAX_HELD = 64;
const MAX_NAME = 64;
const MAX_HELD_LENGTH = 64 * 1024;

/** An event on its way through: what it is, whose, and how it is answered. */
interface Incoming<E extends ClientEvent = ClientEvent> extends Request<E> {
  event: E;
  handler: Handler<E>;
  /** As it came, for what is told of a refusal. */
  raw: unknown;
}

/**
 * The one wrapper round every handler: whatever comes is checked, queued, handled, and answered once;
 * nothing that it does throws or rejects.
 *
 * @param args - everything after the event's name: the payload, if any, and at last the acknowledgement, if asked for
 * @see SPEC.md, section ERR
 */
export function dispatch(context: GatewayContext, connection: Connection, name: unknown, args: unknown[]): void {
  const last = args.at(-1);
  // Socket.IO puts a function at the end only for the client's acknowledgement
  const acknowledge = typeof last === 'function' ? (last as (answer: object) => void) : undefined;
  const raw = args[0] === acknowledge ? undefined : args[0];
  const named = name === OVERSIZED ? raw : name;
  const reply = new Reply(connection, typeof named === 'string' ? named.slice(0, MAX_NAME) : 'unknown', acknowledge);
  if (!isClientEvent(named)) {
    reply.refuse({ code: 'invalid_payload', message: 'unknown event' });
    return;
  }
  // the handler, schema and payload of one name belong together, which the compiler cannot follow
  const handler = handlers[named] as Handler<ClientEvent>;
  const incoming = {
    context,
    connection,
    event: named,
    handler,
    payload: undefined,
    raw,
    reply,
  } as unknown as Incoming;
  if (name === OVERSIZED) {
    refuse(incoming, { code: 'payload_too_large', message: 'an event may have 64 KiB at most' });
    return;
  }
  const parsed = clientEventSchemas[named].safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.join('.') || 'payload';
    refuse(incoming, { code: 'invalid_payload', message: `${place}: ${issue?.message}` });
    return;
  }
  enqueue({ ...incoming, payload: parsed.data } as Incoming);
}

function enqueue(incoming: Incoming): void {
  const { connection } = incoming;
  if (connection.queue.length >= MAX_QUEUED) {
    refuse(incoming, { code: 'rate_limited', message: 'too many events are waiting', retryAfterMs: 1_000 });
    return;
  }
  connection.queue.run(() => (isTooEarly(incoming) ? hold(incoming) : run(incoming)));
}

function isTooEarly({ handler, connection }: Incoming): boolean {
  return handler.needs === 'session' && connection.session === undefined;
}

/** Clients that come back send what they had buffered before their `join`. */
function hold(incoming: Incoming): void {
  const { held } = incoming.connection;
  const length = JSON.stringify(incoming.payload ?? null).length;
  const waiting = held.reduce((sum, event) => sum + event.length, length);
  if (held.length >= MAX_HELD || waiting > MAX_HELD_LENGTH) {
    refuse(incoming, { code: 'rate_limited', message: 'too many events before join', retryAfterMs: 1_000 });
    return;
  }
  held.push({
    length,
    run: () => run(incoming),
    refuse: () => refuse(incoming, { code: 'not_joined', message: 'send join first' }),
  });
}

function run(incoming: Incoming): void | Promise<void> {
  try {
    const result = handle(incoming);
    if (result instanceof Promise) {
      return result.then((value) => incoming.reply.ok(value)).catch((error: unknown) => fail(incoming, error));
    }
    incoming.reply.ok(result);
  } catch (error) {
    fail(incoming, error);
  }
}

function handle(incoming: Incoming): object | Promise<object> {
  const { handler, connection } = incoming;
  if (handler.needs === 'nothing') return handler.handle(incoming) ?? {};
  if (connection.session === undefined) throw new SignalingError('not_joined', 'send join first');
  return handler.handle(incoming, connection.session);
}

function fail(incoming: Incoming, error: unknown): void {
  if (!(error instanceof SignalingError)) {
    incoming.context.calls.log.error({ err: error, event: incoming.event }, 'an event could not be handled');
  }
  refuse(incoming, errorBody(error));
}

function refuse({ context, connection, handler, reply, raw }: Incoming, error: ErrorBody): void {
  const callId: unknown = error.callId ?? Object(raw).callId;
  const body = typeof callId === 'string' && callId.length <= 128 ? { ...error, callId } : error;
  reply.refuse(body);
  if (!reply.isAcknowledged) handler.onRefused?.(context, connection, body);
}

function isClientEvent(name: unknown): name is ClientEvent {
  return typeof name === 'string' && Object.hasOwn(clientEventSchemas, name);
}
