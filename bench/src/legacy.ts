import type { AddressInfo } from 'node:net';
import { startLegacy } from './servers/legacy.js';

// `npm run legacy -w signal-bench -- 3002`: the legacy server by itself, to put another load on it
const server = await startLegacy({ announce: true }, Number(process.argv[2] ?? 0));
// a server that listens on TCP has an AddressInfo
const { port } = server.address() as AddressInfo;
console.log(`http://127.0.0.1:${port}`);
