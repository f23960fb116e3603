import { createServer, type Server } from 'node:http';
import { Server as SocketServer } from 'socket.io';
import { listen } from './listen.js';

const RELAYED = ['call_user', 'accept_call', 'ice_candidate', 'end_call'];

/** Socket.IO as its documentation shows it: every event goes on to the socket that it names, nothing is kept. */
export function startSocketIoRelay(): Promise<Server> {
  const server = createServer();
  relayEvents(new SocketServer(server));
  return listen(server);
}

export function relayEvents(io: SocketServer): void {
  io.on('connection', (socket) => {
    for (const event of RELAYED) {
      socket.on(event, (message) => {
        message.from = socket.id;
        io.to(message.to).emit(event, message);
      });
    }
  });
}
