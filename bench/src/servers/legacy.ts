import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import express from 'express';
import { Server as SocketServer } from 'socket.io';
import { listen } from './listen.js';

interface User {
  id: string;
  username: string;
  isOnline: boolean;
  socketId: string;
}

interface Call {
  id: string;
  from: string;
  to: string;
  callType: string;
  status: 'ringing' | 'active';
  startTime: Date;
}

/** May change at any time. */
export interface LegacyPolicy {
  /** Send everybody the whole list of users at every join and disconnect, as the legacy server does. */
  announce: boolean;
}

/**
 * A plain re-creation of the server that speaks part 1 of the protocol only: users and calls in Maps,
 * nothing checked, nothing held, no timeouts, no logs.
 */
export function startLegacy(policy: LegacyPolicy, port = 0): Promise<Server> {
  const app = express();
  const server = createServer(app);
  const io = new SocketServer(server, { cors: { origin: '*' } });
  const users = new Map<string, User>();
  const calls = new Map<string, Call>();

  app.use(express.json());
  app.post('/api/login', (request, response) => {
    response.json({
      user: { id: randomUUID(), username: request.body.username, isOnline: false },
      token: randomUUID(),
    });
  });
  app.get('/api/online-users', (_request, response) => {
    response.json([...users.values()]);
  });
  app.get('/health', (_request, response) => {
    response.json({ status: 'OK', activeUsers: users.size, activeCalls: calls.size });
  });

  const send = (userId: string, event: string, payload: object) => {
    const user = users.get(userId);
    if (user !== undefined) io.to(user.socketId).emit(event, payload);
  };

  io.on('connection', (socket) => {
    let self = '';
    const announceUsers = () => {
      if (policy.announce) io.emit('users_updated', [...users.values()]);
    };
    const peerOf = (call: Call) => (call.from === self ? call.to : call.from);

    socket.on('join', ({ id, username }) => {
      self = id;
      users.set(id, { id, username, isOnline: true, socketId: socket.id });
      socket.emit('join_success', {
        message: 'Successfully connected to the server',
        onlineUsers: [...users.values()],
      });
      announceUsers();
    });
    socket.on('call_user', ({ to, from, callType, offer }) => {
      const callId = randomUUID();
      if (!users.has(to)) {
        socket.emit('call_status', { status: 'user_offline', callId });
        return;
      }
      calls.set(callId, { id: callId, from: self, to, callType, status: 'ringing', startTime: new Date() });
      send(to, 'incoming_call', { callId, from, callType, offer });
      socket.emit('call_status', { status: 'ringing', callId });
    });
    socket.on('accept_call', ({ callId, answer }) => {
      const call = calls.get(callId);
      if (call === undefined) return;
      call.status = 'active';
      send(call.from, 'call_accepted', { callId, answer });
    });
    for (const [event, told] of [
      ['reject_call', 'call_rejected'],
      ['end_call', 'call_ended'],
    ] as const) {
      socket.on(event, ({ callId }) => {
        const call = calls.get(callId);
        if (call === undefined) return;
        calls.delete(callId);
        send(peerOf(call), told, { callId });
      });
    }
    socket.on('ice_candidate', ({ to, candidate }) => send(to, 'ice_candidate', { from: self, candidate }));
    socket.on('ping', () => socket.emit('pong'));
    socket.on('disconnect', () => {
      for (const call of calls.values()) {
        if (call.from !== self && call.to !== self) continue;
        calls.delete(call.id);
        send(peerOf(call), 'call_ended', { callId: call.id });
      }
      users.delete(self);
      announceUsers();
    });
  });
  return listen(server, port);
}
