// An Express application that was here before: routes, a WebSocket feed of its own, a request log, a 404 page.
// The four lines marked `signaling` add calls to it.
import http from 'node:http';
import express from 'express';
import { SignalingServer } from 'signal-core';
import { WebSocketServer } from 'ws';

const app = express();
const server = http.createServer(app);

server.on('request', (req) => console.log(`${req.method} ${req.url}`));
app.get('/', (_req, res) => res.send('The shop is open.'));

const feed = new WebSocketServer({ noServer: true });
feed.on('connection', (socket) => socket.send('welcome to the feed'));
server.on('upgrade', (req, socket, head) => {
  if (req.url !== '/feed') return socket.destroy();
  feed.handleUpgrade(req, socket, head, (client) => feed.emit('connection', client, req));
});

const signaling = new SignalingServer({ auth: 'open', origins: ['http://localhost:5173'] }); // signaling
signaling.on('callEnded', ({ from, to, durationMs }) => console.log(from.username, to.username, durationMs)); // signaling
signaling.attach(server); // signaling
app.use(signaling.router()); // signaling

app.use((_req, res) => res.status(404).send('No such page.'));

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

async function stop() {
  await signaling.close();
  feed.close();
  for (const client of feed.clients) client.terminate();
  server.close();
}
process.on('SIGINT', stop).on('SIGTERM', stop);
