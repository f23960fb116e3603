import { v4 as uuidv4 } from 'uuid';
import type { CallContext } from '../../calls/call-context.js';
import { returnToCalls, ringLate } from '../../calls/device-calls.js';
import { devicesOf, type LiveCall, type User } from '../../domain/call.js';
import { type CallId, deviceIdOf } from '../../domain/ids.js';
import type { Session } from '../../domain/session.js';
import { askScope } from '../../hooks.js';
import { SignalingError } from '../../protocol/errors.js';
import type { JoinSuccess, LiveCallInfo } from '../../protocol/server-events.js';
import type { Connection } from '../connection.js';
import type { Hold } from '../devices.js';
import { dismissReplaced } from '../dismiss.js';
import type { GatewayContext } from '../gateway-context.js';
import type { Reply } from '../reply.js';
import type { Seen } from '../watchers.js';
import { eventPacket } from '../wire.js';
import type { OpenHandler } from './handler.js';

/**
 * Takes a connection online: `join_success`, then what waited for the device, then what the client sent too early,
 * then late rings.
 *
 * @see SPEC.md, section JOIN
 */
export const join: OpenHandler<'join'> = {
  needs: 'nothing',
  async handle({ context, connection, payload, reply }) {
    const { calls, sessions, devices, watchers } = context;
    if (connection.session !== undefined) {
      if (connection.session.user.id !== payload.id) {
        throw new SignalingError('identity_mismatch', 'this connection has joined under another id');
      }
      const again = () => watchers.look(connection, payload.presenceSince);
      answer(connection, await joinSuccess(context, connection.session, again), reply);
      return;
    }
    const legacy = payload.deviceId === undefined && (payload.protocol ?? 1) < 2;
    const user = { id: payload.id, username: payload.username };
    const { session, before } = await sessions.arrive({
      user,
      socketId: connection.id,
      deviceId: payload.deviceId ?? uuidv4(),
      legacy,
      userAgent: connection.socket.handshake.headers['user-agent'] ?? '',
      features: legacy ? [] : (payload.features ?? []),
      scope: scopeOf(user, calls),
    });
    connection.speakFor(session);
    const { presence: mode = 'full', presenceSince: since } = payload;
    const success = await joinSuccess(context, session, () =>
      watchers.watch(connection, { mode, scope: session.scope, since }),
    );

    const held = devices.hold(session, connection, payload.resume);
    if (held.before?.isOpen) dismissReplaced(held.before);
    answer(connection, payload.resume === undefined ? success : { resumed: held.resumed, ...success }, reply);
    for (const message of held.waiting) connection.write(message);

    if (before !== undefined) await returnToCalls(calls, session.device, legacy);
    for (const event of connection.held.splice(0)) await event.run();
    if (connection.speaksFor(session)) await ringLate(calls, session.device, recoveredOf(held));
  },
};

/** @throws SignalingError `unavailable` when the host cannot tell */
function scopeOf(user: User, { hooks, log }: CallContext): string {
  const scope = askScope(hooks.scopeOf, user, log);
  if (scope === undefined) throw new SignalingError('unavailable', 'this user could not be placed; try again');
  return scope;
}

function recoveredOf({ resumed }: Hold): CallId[] {
  return resumed.filter((call) => call.recovered).map((call) => call.callId);
}

/** A {@link JoinSuccess} whose list is JSON already. */
type Success = Omit<JoinSuccess, 'onlineUsers'> & Pick<Seen, 'onlineUsers'>;

function answer(connection: Connection, { onlineUsers, ...success }: Success, reply: Reply): void {
  const json = `${JSON.stringify(success).slice(0, -'}'.length)},"onlineUsers":${onlineUsers}}`;
  if (!reply.isAcknowledged) connection.write(eventPacket('join_success', json));
  reply.okEncoded(json);
}

async function joinSuccess({ calls }: GatewayContext, session: Session, presence: () => Seen): Promise<Success> {
  const line = await calls.stores.calls.line(session.user.id);
  return {
    message: 'Successfully connected to the server',
    protocol: 2,
    self: session.user,
    deviceId: deviceIdOf(session.device),
    calls: line.calls.map((call) => liveCallInfo(call, session)),
    ringTimeoutMs: calls.rules.ringTimeoutMs,
    graceMs: calls.rules.graceMs,
    // last, so that nothing of presence comes between this and what follows
    ...presence(),
  };
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
