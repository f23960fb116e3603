// Clients that join, and then send as fast as they can, in a process of their own; who is cut comes back soon.
import { WebSocket } from 'ws';

const [, , url, count, kind] = process.argv;
const CANDIDATE =
  '42["ice_candidate",{"to":"nobody","candidate":{"candidate":"candidate:1 1 udp 1 192.0.2.1 1 typ host"}}]';
const POURS = {
  candidates: (socket) => socket.send(CANDIDATE),
  'ws-pings': (socket) => socket.ping('x'.repeat(100)),
  pongs: (socket) => socket.send('3'),
  noops: (socket) => socket.send('6'),
};
/** At once would be a flood of connections, which is another thing. */
const BACK_AFTER_MS = 250;
const MAX_BUFFERED = 1024 * 1024;

let [sent, joined] = [0, 0];

function flood(name) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  const pour = () => {
    if (socket.readyState !== WebSocket.OPEN) return;
    for (let n = 0; n < 200 && socket.bufferedAmount < MAX_BUFFERED; n += 1, sent += 1) POURS[kind](socket);
    setImmediate(pour);
  };
  socket.on('message', (data) => {
    const text = String(data);
    if (text.startsWith('0')) socket.send('40');
    // before the answer it would be a protocol error, which closes
    if (text.startsWith('40')) socket.send(`421["join",{"id":"${name}","username":"${name}","presence":"none"}]`);
    if (text.startsWith('431[{"ok":true')) {
      joined += 1;
      pour();
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => setTimeout(flood, BACK_AFTER_MS, name));
}

for (let n = 0; n < Number(count); n += 1) flood(`flooder-${n}`);
process.on('message', () => process.send({ sent, joined }));
process.on('disconnect', () => process.exit(0));
