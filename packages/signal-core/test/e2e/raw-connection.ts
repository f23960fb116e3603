import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Transport } from './legacy-client.ts';

const PATIENCE_MS = 4_000;
/** Between the packets of one polling payload. */
const SEPARATOR = '\x1e';

/** A Socket.IO connection by hand: frames go out as they are, frames that come in are kept as they are. */
export interface RawConnection {
  /** Every frame that came, but for the engine's own pings. */
  frames: string[];
  /** Sends engine packets as they are. Never throws: the server may have hung up. */
  send(...frames: string[]): void;
  /** The oldest frame not returned before that begins so, or the next one to come. */
  next(prefix: string): Promise<string>;
  /** Waits until everything sent so far is handled: a ping with an acknowledgement. */
  settle(): Promise<void>;
  /** Settles when the server has closed the connection. */
  closed: Promise<void>;
  isOpen(): boolean;
  /** Reads nothing from now on; a polling connection asks for nothing more. */
  pause(): void;
  close(): void;
}

/** What both transports have in common: the inbox. */
class Inbox {
  readonly frames: string[] = [];
  readonly #taken = new Set<number>();
  readonly #watchers = new Set<() => void>();

  add(frame: string): void {
    this.frames.push(frame);
    for (const look of [...this.#watchers]) look();
  }

  next(prefix: string): Promise<string> {
    const missing = new Error();
    return new Promise((resolve, reject) => {
      const look = () => {
        const index = this.frames.findIndex((frame, n) => !this.#taken.has(n) && frame.startsWith(prefix));
        const found = this.frames[index];
        if (found === undefined) return;
        this.#taken.add(index);
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        const came = this.frames.map((frame) => frame.slice(0, 200)).join('\n  ');
        missing.message = `waited ${PATIENCE_MS} ms for ${prefix}…; came:\n  ${came}`;
        reject(missing);
      }, PATIENCE_MS);
      this.#watchers.add(look);
      look();
    });
  }
}

interface Wire {
  pause(): void;
  send(frames: string[]): void;
  closed: Promise<void>;
  close(): void;
}

async function webSocketWire(url: string, inbox: Inbox): Promise<Wire> {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  ws.on('error', () => {});
  ws.on('message', (data) => {
    const frame = String(data);
    if (frame === '2') ws.send('3');
    else inbox.add(frame);
  });
  const closed = new Promise<void>((resolve) => ws.once('close', () => resolve()));
  await once(ws, 'open');
  return {
    send: (frames) => {
      for (const frame of frames) if (ws.readyState === WebSocket.OPEN) ws.send(frame);
    },
    closed,
    pause: () => ws.pause(),
    close: () => ws.terminate(),
  };
}

async function pollingWire(url: string, inbox: Inbox): Promise<Wire> {
  const base = `${url}/socket.io/?EIO=4&transport=polling`;
  const opening = await (await fetch(base)).text();
  inbox.add(opening);
  const { sid } = JSON.parse(opening.slice(1)) as { sid: string };
  const session = `${base}&sid=${sid}`;
  const stop = new AbortController();
  const post = (body: string) =>
    fetch(session, { method: 'POST', body, headers: { 'content-type': 'text/plain' }, signal: stop.signal });
  // The engine takes one request with data at a time.
  let posted: Promise<unknown> = Promise.resolve();
  const send = (frames: string[]) => {
    posted = posted.then(() => post(frames.join(SEPARATOR))).catch(() => {});
  };
  let isPaused = false;
  const poll = async () => {
    for (;;) {
      // for ever: it does not even hear that it is closed
      if (isPaused) await new Promise(() => {});
      const response = await fetch(session, { signal: stop.signal }).catch(() => undefined);
      if (!response?.ok) return;
      for (const frame of (await response.text()).split(SEPARATOR)) {
        if (frame === '1') return;
        if (frame === '2') send(['3']);
        else inbox.add(frame);
      }
    }
  };
  const pause = () => {
    isPaused = true;
  };
  return { send, closed: poll(), pause, close: () => stop.abort() };
}

/** Opens an engine connection; the Socket.IO handshake is done unless told otherwise. */
export async function rawConnection(
  url: string,
  transport: Transport,
  { handshake = true } = {},
): Promise<RawConnection> {
  const inbox = new Inbox();
  const wire = await (transport === 'websocket' ? webSocketWire : pollingWire)(url, inbox);
  onTestFinished(() => wire.close());
  let open = true;
  wire.closed.then(() => {
    open = false;
  });
  let barriers = 1_000_000;
  const connection: RawConnection = {
    frames: inbox.frames,
    send: (...frames) => wire.send(frames),
    next: (prefix) => inbox.next(prefix),
    settle: async () => {
      barriers += 1;
      connection.send(`42${barriers}["ping"]`);
      await connection.next(`43${barriers}[`);
    },
    closed: wire.closed,
    isOpen: () => open,
    pause: () => wire.pause(),
    close: () => wire.close(),
  };
  await connection.next('0{');
  if (handshake) {
    connection.send('40');
    await connection.next('40{');
  }
  return connection;
}
