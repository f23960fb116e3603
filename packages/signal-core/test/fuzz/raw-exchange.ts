import { connect } from 'node:net';

/** How long a server may leave a connection open that says no more, in milliseconds. */
const LINGER_MS = 1_000;

/** How the sender goes once all is said: it waits for what there is to hear, or it is just gone. */
export type Farewell = 'half-close' | 'reset';

/**
 * Sends bytes over a connection of their own.
 *
 * @returns what came back, as latin1
 */
export function exchange(port: number, bytes: Buffer, farewell: Farewell): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      if (heard.length < 65_536) heard += chunk.toString('latin1');
      if (farewell === 'reset') socket.resetAndDestroy();
    });
    socket.setTimeout(LINGER_MS, () => socket.destroy());
    socket.on('close', () => resolve(heard));
    if (farewell === 'half-close') socket.end(bytes);
    else socket.write(bytes);
  });
}

/** Does something so many times, so many at a time. */
export async function atATime(width: number, count: number, act: () => Promise<void>): Promise<void> {
  let left = count;
  const work = async () => {
    while (left > 0) {
      left -= 1;
      await act();
    }
  };
  await Promise.all(Array.from({ length: width }, work));
}
