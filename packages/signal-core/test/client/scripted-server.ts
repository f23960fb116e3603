import { createServer } from 'node:http';
import { listenOnLoopback } from 'signal-core/testing';
import { Server, type Socket } from 'socket.io';
import { onTestFinished } from 'vitest';

type Answer = (ack: object) => void;

/** What a server of the protocol says to a `join`. */
export const JOINED = {
  ok: true,
  message: 'Successfully connected to the server',
  onlineUsers: [],
  protocol: 2,
  calls: [],
  ringTimeoutMs: 60_000,
  graceMs: 15_000,
};

export interface Script {
  /** Says no to a handshake by throwing. */
  admit?(socket: Socket): void;
  onJoin?(socket: Socket, answer: Answer): void;
}

/** A server that does what real ones seldom do, for the length of one test. */
export async function scriptedServer({
  admit = () => {},
  onJoin = (_socket, answer) => answer(JOINED),
}: Script): Promise<string> {
  const http = createServer();
  const io = new Server(http);
  io.use((socket, next) => {
    try {
      admit(socket);
      next();
    } catch (error) {
      next(error as Error);
    }
  });
  io.on('connection', (socket) => socket.on('join', (_payload, answer: Answer) => onJoin(socket, answer)));
  const { url, stop } = await listenOnLoopback(http);
  onTestFinished(async () => {
    await io.close();
    await stop();
  });
  return url;
}
