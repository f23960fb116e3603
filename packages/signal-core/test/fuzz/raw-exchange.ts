import { connect } from 'node:net';

/** How long a server may leave a connection open that the sender has closed, in milliseconds. */
const LINGER_MS = 1_000;

interface Farewell {
  /** How the sender goes: it says goodbye, or is just gone. */
  how: 'close' | 'reset';
  /** It goes at the first word of an answer, or after so much silence. @default 100: many requests get no answer */
  silenceMs?: number;
}

/**
 * Sends bytes over a connection of their own.
 *
 * @returns what came back, as latin1
 */
export function exchange(port: number, bytes: Buffer, { how, silenceMs = 100 }: Farewell): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    // not before there is an answer: Node gives none to who has closed already
    const leave = () => (how === 'reset' ? socket.resetAndDestroy() : socket.end());
    const silence = setTimeout(leave, silenceMs);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      if (heard.length < 65_536) heard += chunk.toString('latin1');
      leave();
    });
    socket.setTimeout(silenceMs + LINGER_MS, () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(silence);
      resolve(heard);
    });
    socket.write(bytes);
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
