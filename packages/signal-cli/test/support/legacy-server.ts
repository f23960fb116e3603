import { createServer } from 'node:http';
import { userIdOf } from 'signal-core/protocol';
import { listenOnLoopback } from 'signal-core/testing';
import { Server } from 'socket.io';

type Payload = Record<string, unknown>;

export interface LegacyServer {
  url: string;
  close(): Promise<void>;
}

/**
 * A server of the legacy protocol: no acknowledgements, no held candidates, ids of its own.
 *
 * @param tamper - may change what is relayed, or drop it by answering undefined
 */
export async function startLegacyServer(
  tamper: (event: string, payload: Payload) => Payload | undefined = (_event, payload) => payload,
): Promise<LegacyServer> {
  const sockets = new Map<string, string>();
  const parties = new Map<string, string[]>();
  const http = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (request.url?.startsWith('/socket.io/')) return;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.method === 'POST' ? loggedIn(JSON.parse(body)) : []));
    });
  });
  const io = new Server(http);
  io.on('connection', (socket) => {
    let self = '';
    const relay = (to: string | undefined, event: string, payload: Payload) => {
      const changed = tamper(event, payload);
      const target = sockets.get(to ?? '');
      if (changed && target) io.to(target).emit(event, changed);
    };
    const other = (callId: string) => parties.get(callId)?.find((id) => id !== self);
    socket.on('join', ({ id }) => {
      self = id;
      sockets.set(id, socket.id);
      socket.emit('join_success', { message: 'Successfully connected to the server', onlineUsers: [] });
    });
    socket.on('call_user', ({ to, from, callType, offer }) => {
      const callId = `call-${parties.size + 1}`;
      parties.set(callId, [self, to]);
      socket.emit('call_status', { status: sockets.has(to) ? 'ringing' : 'user_offline', callId });
      relay(to, 'incoming_call', { callId, from, callType, offer });
    });
    socket.on('accept_call', ({ callId, answer }) => relay(other(callId), 'call_accepted', { callId, answer }));
    socket.on('reject_call', ({ callId }) => relay(other(callId), 'call_rejected', { callId }));
    socket.on('end_call', ({ callId }) => relay(other(callId), 'call_ended', { callId }));
    socket.on('ice_candidate', ({ to, candidate }) => relay(to, 'ice_candidate', { from: self, candidate }));
    socket.on('ping', () => socket.emit('pong'));
    socket.on('disconnect', () => sockets.delete(self));
  });
  const { url } = await listenOnLoopback(http);
  return {
    url,
    close: async () => {
      await io.close();
    },
  };
}

function loggedIn({ username }: { username: string }): object {
  return { user: { id: userIdOf(username), username, isOnline: false }, token: 'none' };
}
