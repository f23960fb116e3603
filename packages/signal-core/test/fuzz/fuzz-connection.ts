import { once } from 'node:events';
import { WebSocket } from 'ws';
import { SEPARATOR } from './hostile-frame.ts';

/** How long a server may take to say that it has read something, in milliseconds. */
const PATIENCE_MS = 20_000;
/** Acknowledgement ids of barriers: no fuzzer sends them. */
const FIRST_BARRIER = 800_000_000_000;

/** A connection of a fuzzer: it sends anything, and knows how much of it the server has read. */
export interface FuzzConnection {
  readonly isOpen: boolean;
  /**
   * Sends frames, and waits until they are read or the server has hung up.
   *
   * @param stride - after how many frames the server is asked whether it is still there
   * @returns how many were read for certain
   */
  send(frames: readonly string[], stride: number): Promise<number>;
  close(): void;
}

/**
 * @param greeting - the packet by which it connects to the namespace, and those that follow
 * @param onPacket - sees what comes
 */
export type OpenFuzzConnection = (
  url: string,
  greeting: readonly string[],
  onPacket?: (packet: string) => void,
) => Promise<FuzzConnection>;

const barrier = (n: number) => `42${FIRST_BARRIER + n}["ping"]`;
const ANSWER = /^438(\d{11})\[/;

/** How many frames had been sent before the barrier that a packet answers. */
function barrierIn(packet: string): number | undefined {
  const [, digits] = ANSWER.exec(packet) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

export const overWebSocket: OpenFuzzConnection = async (url, greeting, onPacket) => {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    perMessageDeflate: false,
    // what is no text in a message is what this is about
    skipUTF8Validation: true,
  });
  let changed = () => {};
  let isConnected = false;
  let read = 0;
  let sent = 0;
  ws.on('error', () => {});
  ws.on('close', () => changed());
  ws.on('message', (data) => {
    const packet = String(data);
    if (packet === '2') ws.send('3');
    if (packet.startsWith('40') || packet.startsWith('44')) {
      isConnected = true;
      changed();
    }
    const upTo = barrierIn(packet);
    if (upTo === undefined) {
      onPacket?.(packet);
      return;
    }
    read = upTo;
    changed();
  });
  const until = (isDone: () => boolean) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the server neither answers nor hangs up')), PATIENCE_MS);
      changed = () => {
        if (!isDone() && ws.readyState !== WebSocket.CLOSED) return;
        clearTimeout(timer);
        resolve();
      };
      changed();
    });
  await once(ws, 'open');
  const [connect = '', ...more] = greeting;
  ws.send(connect);
  await until(() => isConnected);
  for (const packet of more) ws.send(packet, () => {});
  return {
    get isOpen() {
      return ws.readyState === WebSocket.OPEN;
    },
    async send(frames, stride) {
      const before = sent;
      for (const frame of frames) {
        ws.send(frame, () => {});
        sent += 1;
        if ((sent - before) % stride === 0 || sent - before === frames.length) ws.send(barrier(sent), () => {});
      }
      await until(() => read === sent);
      return Math.max(0, read - before);
    },
    close: () => ws.terminate(),
  };
};

export const overPolling: OpenFuzzConnection = async (url, greeting) => {
  const base = `${url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(base)).text()).slice(1)) as { sid: string };
  const session = `${base}&sid=${sid}`;
  const headers = { 'content-type': 'text/plain' };
  const post = async (body: string) =>
    (await fetch(session, { method: 'POST', body, headers, signal: AbortSignal.timeout(PATIENCE_MS) })).ok;
  const [connect = '', ...more] = greeting;
  let isOpen = await post(connect);
  await fetch(session);
  if (more.length > 0) isOpen = await post(more.join(SEPARATOR));
  let sent = 0;
  return {
    get isOpen() {
      return isOpen;
    },
    async send(frames) {
      sent += frames.length;
      isOpen = await post([...frames, barrier(sent)].join(SEPARATOR)).catch(() => false);
      while (isOpen) {
        const answer = await fetch(session, { signal: AbortSignal.timeout(PATIENCE_MS) });
        isOpen = answer.ok;
        const packets = (await answer.text()).split(SEPARATOR);
        if (packets.some((packet) => barrierIn(packet) === sent)) return frames.length;
        if (packets.includes('1')) isOpen = false;
        if (packets.includes('2')) await post('3');
      }
      return 0;
    },
    close: () => {
      void post('1').catch(() => {});
    },
  };
};
