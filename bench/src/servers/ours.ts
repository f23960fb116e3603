import { createServer, type Server } from 'node:http';
import express from 'express';
import { SignalingServer } from 'signal-core';
import { listen } from './listen.js';

/** This project's server in an Express app, with its defaults: state, checks and identity on. */
export function startOurs(): Promise<Server> {
  return serve(new SignalingServer({ auth: 'open' }));
}

export function serve(signaling: SignalingServer): Promise<Server> {
  const app = express();
  const server = createServer(app);
  signaling.attach(server);
  app.use(signaling.router());
  return listen(server);
}
