import { createServer } from 'node:http';
import { listenOnLoopback } from 'signal-core/testing';
import { Server } from 'socket.io';
import { onTestFinished } from 'vitest';

/** A server of the legacy protocol, for the length of one test: no acknowledgements, and ids of its own. */
export async function legacyServer(): Promise<string> {
  const sockets = new Map<string, string>();
  const parties = new Map<string, string[]>();
  const http = createServer();
  const io = new Server(http);
  io.on('connection', (socket) => {
    let self = '';
    const relay = (to: string | undefined, event: string, payload: object) => {
      const target = sockets.get(to ?? '');
      if (target !== undefined) io.to(target).emit(event, payload);
    };
    const other = (callId: string) => parties.get(callId)?.find((id) => id !== self);
    const online = () => [...sockets].map(([id, socketId]) => ({ id, username: id, isOnline: true, socketId }));
    socket.on('join', ({ id }) => {
      self = id;
      sockets.set(id, socket.id);
      socket.emit('join_success', { message: 'Successfully connected to the server', onlineUsers: online() });
      io.emit('users_updated', online());
    });
    socket.on('call_user', ({ to, from, callType, offer }) => {
      const callId = `legacy-${parties.size + 1}`;
      parties.set(callId, [self, to]);
      socket.emit('call_status', { status: sockets.has(to) ? 'ringing' : 'user_offline', callId });
      relay(to, 'incoming_call', { callId, from, callType, offer });
    });
    socket.on('accept_call', ({ callId, answer }) => relay(other(callId), 'call_accepted', { callId, answer }));
    socket.on('reject_call', ({ callId }) => relay(other(callId), 'call_rejected', { callId }));
    socket.on('end_call', ({ callId }) => relay(other(callId), 'call_ended', { callId }));
    socket.on('ice_candidate', ({ to, candidate }) => relay(to, 'ice_candidate', { from: self, candidate }));
    socket.on('ping', () => socket.emit('pong'));
    socket.on('disconnect', () => sockets.get(self) === socket.id && sockets.delete(self));
  });
  const { url, stop } = await listenOnLoopback(http);
  onTestFinished(async () => {
    await io.close();
    await stop();
  });
  return url;
}
