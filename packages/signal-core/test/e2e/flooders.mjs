// Clients that send as fast as they can, in a process of their own; who is kicked comes back soon.
import { WebSocket } from 'ws';

const [, , url, count] = process.argv;
const FRAME =
  '42["ice_candidate",{"to":"nobody","candidate":{"candidate":"candidate:1 1 udp 1 192.0.2.1 1 typ host"}}]';
/** At once would be a flood of connections, which is another thing. */
const BACK_AFTER_MS = 250;
const MAX_BUFFERED = 1024 * 1024;

let [sent, connections] = [0, 0];

function flood(name) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  const pour = () => {
    if (socket.readyState !== WebSocket.OPEN) return;
    for (let n = 0; n < 200 && socket.bufferedAmount < MAX_BUFFERED; n += 1, sent += 1) socket.send(FRAME);
    setImmediate(pour);
  };
  socket.on('open', () => {
    connections += 1;
    socket.send('40');
    socket.send(`42["join",{"id":"${name}","username":"${name}"}]`);
    pour();
  });
  socket.on('error', () => {});
  socket.on('close', () => setTimeout(flood, BACK_AFTER_MS, name));
}

for (let n = 0; n < Number(count); n += 1) flood(`flooder-${n}`);
process.on('message', () => process.send({ sent, connections }));
process.on('disconnect', () => process.exit(0));
