import { v4 as uuidv4 } from 'uuid';
import { iceServersFor } from '../../auth/ice-servers.js';
import type { Identity } from '../../auth/identity.js';
import type { CallSetting } from '../../calls/call-context.js';
import { returnToCalls, ringLate } from '../../calls/device-calls.js';
import { devicesOf, type LiveCall, type User } from '../../domain/call.js';
import { type CallId, deviceIdOf } from '../../domain/ids.js';
import type { Session } from '../../domain/session.js';
import { askScope } from '../../hooks.js';
import type { Arrived } from '../../presence/track-sessions.js';
import type { ClientPayload } from '../../protocol/client-events.js';
import { SignalingError } from '../../protocol/errors.js';
import type { JoinSuccess, LiveCallInfo } from '../../protocol/server-events.js';
import { whoJoins } from '../authenticate.js';
import type { Connection } from '../connection.js';
import type { Hold } from '../devices.js';
import { dismissReplaced } from '../dismiss.js';
import type { GatewayContext } from '../gateway-context.js';
import type { Reply } from '../reply.js';
import type { Seen } from '../watchers.js';
import { eventPacket } from '../wire.js';
import type { OpenHandler } from './handler.js';

/** How much of a user agent is kept, in characters. */
const MAX_USER_AGENT = 256;

/**
 * Takes a connection online: `join_success`, then what waited for the device, then what the client sent too early,
 * then late rings.
 *
 * @see SPEC.md, section JOIN
 */
export const join: OpenHandler<'join'> = {
  needs: 'nothing',
  async handle({ context, connection, payload, reply }) {
    const { calls, watchers, handOver, opened } = context;
    if (opened !== undefined) await opened();
    const identity = await whoJoins(context, connection, payload);
    if (connection.session !== undefined) {
      if (connection.session.user.id !== payload.id) {
        throw new SignalingError('identity_mismatch', 'this connection has joined under another id');
      }
      const live = await liveCalls(context, connection.session);
      const seen = watchers.look(connection, payload.presenceSince);
      const found = { calls: live, ...seen, ...expiryOf(connection) };
      answer(context, connection, joinSuccess(context, connection.session, found), reply);
      return;
    }
    const takeOnline = () => speak(context, connection, { ...payload, ...identity }, reply);
    const { session, held } = await (handOver === undefined
      ? takeOnline()
      : handOver.during(connection.id, takeOnline));
    for (const event of connection.held.splice(0)) await event.run();
    if (connection.speaksFor(session)) await ringLate(calls.in(session.scope), session, recoveredOf(held));
  },
};

/** The connection speaks for its device from now on, and the device is back in its calls. */
async function speak(
  context: GatewayContext,
  connection: Connection,
  payload: ClientPayload<'join'> & Pick<Identity, 'scope'>,
  reply: Reply,
): Promise<{ session: Session; held: Hold }> {
  const { calls, devices, watchers } = context;
  const { session, before, live } = await arrive(context, connection, payload);
  const held = devices.hold(session, connection, payload.resume);
  if (held === undefined) {
    dismissReplaced(connection);
    throw new SignalingError('invalid_state', 'another connection of this device has taken over');
  }
  connection.speakFor(session);
  if (held.before?.isOpen) dismissReplaced(held.before);
  const { presence: mode = 'full', presenceSince: since } = payload;
  const seen = watchers.watch(connection, { mode, scope: session.scope, viewer: session.user, since });
  const success = joinSuccess(context, session, { calls: live, ...seen, ...expiryOf(connection) });
  answer(context, connection, payload.resume === undefined ? success : { resumed: held.resumed, ...success }, reply);
  for (const message of held.waiting) connection.write(message);
  if (before !== undefined) await returnToCalls(calls.in(session.scope), { ...session, isLate: held.isLate });
  return { session, held };
}

/**
 * All of a join that waits for stores and other nodes, and may fail: then nothing is left of it.
 *
 * @param payload - with the members of the identity, which count over what the client says
 */
async function arrive(
  context: GatewayContext,
  connection: Connection,
  payload: ClientPayload<'join'> & Pick<Identity, 'scope'>,
): Promise<Arrived & { live: LiveCallInfo[] }> {
  const { calls, sessions, devices, handOver } = context;
  const legacy = payload.deviceId === undefined && (payload.protocol ?? 1) < 2;
  const user = { id: payload.id, username: payload.username };
  devices.expect(connection);
  let arrived: Arrived | undefined;
  try {
    arrived = await sessions.arrive({
      user,
      socketId: connection.id,
      deviceId: payload.deviceId ?? uuidv4(),
      legacy,
      userAgent: legacy ? userAgentOf(connection) : '',
      features: legacy ? [] : (payload.features ?? []),
      scope: payload.scope ?? scopeOf(user, calls),
      ...(payload.scope !== undefined && { grantedScope: payload.scope }),
    });
    const { session, before } = arrived;
    if (before !== undefined && before.socketId !== connection.id) devices.turnAway(before.socketId);
    if (before !== undefined) await handOver?.bring(session, before);
    return { live: await liveCalls(context, session), ...arrived };
  } catch (error) {
    devices.turnAway(connection.id);
    if (arrived !== undefined) await sessions.lose(arrived.session);
    throw error;
  }
}

/** Told apart by it are legacy devices only; every node keeps it, so nobody makes it long. */
function userAgentOf({ socket }: Connection): string {
  return (socket.handshake.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT);
}

/** @throws SignalingError `unavailable` when the host cannot tell */
function scopeOf(user: User, { hooks, log }: CallSetting): string {
  const scope = askScope(hooks.scopeOf, user, log);
  if (scope === undefined) throw new SignalingError('unavailable', 'this user could not be placed; try again');
  return scope;
}

function recoveredOf({ resumed }: Hold): CallId[] {
  return resumed.filter((call) => call.recovered).map((call) => call.callId);
}

/** A {@link JoinSuccess} whose list is JSON already. */
type Success = Omit<JoinSuccess, 'onlineUsers'> & Pick<Seen, 'onlineUsers'>;

function answer(
  { clock }: GatewayContext,
  connection: Connection,
  { onlineUsers, ...success }: Success,
  reply: Reply,
): void {
  if (onlineUsers !== '[]') connection.allowance.chargeList(clock.now());
  const json = `${JSON.stringify(success).slice(0, -'}'.length)},"onlineUsers":${onlineUsers}}`;
  if (!reply.isAcknowledged) connection.write(eventPacket('join_success', json));
  reply.okEncoded(json);
}

function joinSuccess(
  { calls: { rules }, clock, options }: GatewayContext,
  session: Session,
  found: Seen & Pick<JoinSuccess, 'calls' | 'expiresAt'>,
): Success {
  return {
    message: 'Successfully connected to the server',
    protocol: 2,
    self: session.user,
    deviceId: deviceIdOf(session.device),
    ringTimeoutMs: rules.ringTimeoutMs,
    graceMs: rules.graceMs,
    ...iceServersFor(options, session.user.id, clock.now()),
    ...(options.icePolicy === 'relay-only' && { iceTransportPolicy: 'relay' }),
    ...found,
  };
}

function expiryOf({ credentials: { identity } }: Connection): Pick<JoinSuccess, 'expiresAt'> {
  return identity?.expiresAt === undefined ? {} : { expiresAt: identity.expiresAt };
}

async function liveCalls({ calls, relay, handOver }: GatewayContext, session: Session): Promise<LiveCallInfo[]> {
  const line = await calls.in(session.scope).stores.calls.line(session.user.id);
  // it may have been in them at a node that is gone
  if (handOver !== undefined) for (const call of line.calls) relay.know(session.device, call);
  return line.calls.map((call) => liveCallInfo(call, session));
}

function liveCallInfo(call: LiveCall, { user, device }: Session): LiveCallInfo {
  const role = call.from.id === user.id ? 'caller' : 'callee';
  return {
    callId: call.id,
    role,
    status: call.status,
    peer: role === 'caller' ? call.to : call.from,
    callType: call.callType,
    here: devicesOf(call).includes(device),
  };
}
