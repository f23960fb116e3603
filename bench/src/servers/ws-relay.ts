import { createServer, type Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { listen } from './listen.js';

/** The least that a signaling server can do: parse, find the recipient, say who it is from, send. */
export function startWsRelay(): Promise<Server> {
  const server = createServer();
  const sockets = new Map<string, WebSocket>();
  new WebSocketServer({ server }).on('connection', (socket, request) => {
    const id = new URL(request.url ?? '', 'ws://localhost').searchParams.get('id') ?? '';
    sockets.set(id, socket);
    socket.on('close', () => sockets.delete(id));
    socket.on('message', (data) => {
      const message = JSON.parse(data.toString());
      message.from = id;
      sockets.get(message.to)?.send(JSON.stringify(message));
    });
    socket.send('{"type":"joined"}');
  });
  return listen(server);
}
