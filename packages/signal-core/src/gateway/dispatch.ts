import { type ClientEvent, clientEventSchemas, legacyEventSchemas } from '../protocol/client-events.js';
import { type ErrorBody, SignalingError } from '../protocol/errors.js';
import { LIMITS } from '../protocol/limits.js';
import type { Connection } from './connection.js';
import type { EventPacket } from './event-packet.js';
import type { GatewayContext } from './gateway-context.js';
import type { Handler, Request } from './handlers/handler.js';
import { handlers } from './handlers/handlers.js';
import { errorBody, Reply } from './reply.js';

/** Events that wait behind one that is being handled; a store that hangs must not fill the memory. */
const MAX_QUEUED = 256;
const MAX_HELD = 64;
const MAX_NAME = 64;
const MAX_HELD_LENGTH = 64 * 1024;

/** Where an event came from, and how it is answered. */
interface Source {
  context: GatewayContext;
  connection: Connection;
  event: ClientEvent;
  handler: Handler<ClientEvent>;
  /** The call that it names, so that a refusal can. */
  callId: string | undefined;
  reply: Reply;
}

/** A checked event on its way through. */
type Incoming = Source & Request<ClientEvent>;

/**
 * The one wrapper round every handler: whatever comes is checked, queued, handled, and answered once;
 * nothing that it does throws or rejects.
 *
 * @see SPEC.md, section ERR
 */
export function dispatch(context: GatewayContext, connection: Connection, packet: EventPacket): void {
  const { name, ackId } = packet;
  const reply = new Reply(connection, typeof name === 'string' ? name.slice(0, MAX_NAME) : 'unknown', ackId);
  try {
    take(context, connection, packet, reply);
  } catch (error) {
    context.calls.log.error({ err: error }, 'an event could not be dispatched');
    reply.refuse(errorBody(error));
  }
}

function take(context: GatewayContext, connection: Connection, packet: EventPacket, reply: Reply): void {
  const { name, payload: raw } = packet;
  const checked = check(packet, connection, context.clock.now());
  if (!isClientEvent(name)) {
    if (!checked.ok) reply.refuse(checked.error);
    return;
  }
  // handler, schema and payload of one name belong together, which the compiler cannot follow
  const handler = handlers[name] as Handler<ClientEvent>;
  const source: Source = { context, connection, event: name, handler, callId: callIdIn(raw), reply };
  if (checked.ok) enqueue({ payload: checked.payload as never, ...source });
  else refuse(source, checked.error);
}

type Checked = { ok: true; payload: unknown } | { ok: false; error: ErrorBody };

/** Whether an event may come now, and can be understood; one that cannot costs more (LIMIT-2). */
function check(packet: EventPacket, connection: Connection, now: number): Checked {
  const { name, payload } = packet;
  const retryAfterMs = connection.allowance.take(name, payload, now);
  if (retryAfterMs > 0) return { ok: false, error: { code: 'rate_limited', message: 'too fast', retryAfterMs } };
  const parsed = parse(packet, connection);
  if (!parsed.ok) connection.allowance.chargeInvalid(name, payload, now);
  return parsed;
}

function parse({ name, payload, isOversized }: EventPacket, connection: Connection): Checked {
  if (!isClientEvent(name)) return { ok: false, error: { code: 'invalid_payload', message: 'unknown event' } };
  if (isOversized) {
    return { ok: false, error: { code: 'payload_too_large', message: 'an event may have 64 KiB at most' } };
  }
  const parsed = schemaOf(name, connection).safeParse(payload);
  if (parsed.success) return { ok: true, payload: parsed.data };
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') || 'payload';
  return { ok: false, error: { code: 'invalid_payload', message: `${place}: ${issue?.message}` } };
}

/** A legacy client may have keys of its own under names that came to mean something later. */
function schemaOf(name: ClientEvent, { session }: Connection) {
  return (session?.legacy && legacyEventSchemas[name]) || clientEventSchemas[name];
}

function callIdIn(raw: unknown): string | undefined {
  const callId: unknown = Object(raw).callId;
  return typeof callId === 'string' && callId.length <= LIMITS.idLength ? callId : undefined;
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

function refuse({ context, connection, event, handler, reply, callId }: Source, error: ErrorBody): void {
  const body = error.callId === undefined && callId !== undefined ? { ...error, callId } : error;
  reply.refuse(body);
  context.security.refused(connection.socket.request, body.code, event);
  if (!reply.isAcknowledged) handler.onRefused?.(context, connection, body);
}

function isClientEvent(name: unknown): name is ClientEvent {
  return typeof name === 'string' && Object.hasOwn(clientEventSchemas, name);
}
