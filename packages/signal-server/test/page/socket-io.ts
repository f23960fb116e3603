import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** socket.io-client for a page that does not bring its own: it is `io` there. */
export const SOCKET_IO = readFileSync(
  createRequire(import.meta.url).resolve('socket.io-client/dist/socket.io.js'),
  'utf8',
);
