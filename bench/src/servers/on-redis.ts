import { createServer, type Server } from 'node:http';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import { createClient } from 'redis';
import { SignalingServer } from 'signal-core';
import { createRedisStores } from 'signal-core/redis';
import { Server as SocketServer } from 'socket.io';
import { listen } from './listen.js';
import { serve } from './ours.js';
import { relayEvents } from './socketio-relay.js';

/** How often it is looked whether a node is ready, in milliseconds. */
const LOOK_MS = 1;

/** This project's server as one of several nodes. It is there once it is ready. */
export async function startNode(redisPort: number): Promise<Server> {
  const stores = createRedisStores({ client: await connect(redisPort), keyPrefix: 'bench' });
  const signaling = new SignalingServer({ auth: 'open' }, { stores });
  const server = await serve(signaling);
  while (signaling.readiness !== 'ready') await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  return server;
}

/** The bare Socket.IO relay as one of several, with Socket.IO's own way of telling the others. */
export async function startStreamsAdapter(redisPort: number): Promise<Server> {
  const server = createServer();
  relayEvents(new SocketServer(server, { adapter: createAdapter(await connect(redisPort)) }));
  return listen(server);
}

async function connect(port: number) {
  const client = createClient({ socket: { host: '127.0.0.1', port } });
  // without a listener it would end the process; what fails shows in the measurement
  client.on('error', () => {});
  await client.connect();
  return client;
}
