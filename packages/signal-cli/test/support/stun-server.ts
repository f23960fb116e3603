import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Something that answers Binding requests as a STUN server does (RFC 8489), or hears them and is silent. */
export async function startStunServer({ answers = true } = {}): Promise<{ port: number; close(): Promise<void> }> {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    if (!answers || message.readUInt16BE(0) !== 1) return;
    const answer = Buffer.from(message.subarray(0, 20));
    answer.writeUInt16BE(0x0101, 0);
    // of another transaction, first: it does not count
    const foreign = Buffer.from(answer);
    foreign.writeUInt32BE(0, 16);
    socket.send(foreign, from.port, from.address);
    socket.send(answer, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}
