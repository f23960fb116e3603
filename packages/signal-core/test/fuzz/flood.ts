import type { FuzzConnection, OpenFuzzConnection } from './fuzz-connection.ts';

interface Flood {
  url: string;
  open: OpenFuzzConnection;
  /** How many frames the server is to read. */
  count: number;
  /** How many connections at a time. */
  connections: number;
  /** Frames that go out before anybody waits. */
  chunk: number;
  /** After how many the server is asked whether it still reads; 1 where many of them end the connection. */
  stride: number;
  /** What a connection says first; `worker` counts the connections at a time. */
  greeting(worker: number): string[];
  frame(worker: number): string;
}

/**
 * Sends frames over many connections at once. What a connection had not read when it was closed goes out again over the
 * next one, one by one, so that every frame is read and none is skipped behind the one that closed it.
 */
export async function flood({ url, open, count, connections, chunk, stride, greeting, frame }: Flood): Promise<void> {
  let left = count;
  const work = async (worker: number) => {
    let connection: FuzzConnection | undefined;
    let waiting: string[] = [];
    let isCareful = stride === 1;
    for (;;) {
      if (waiting.length === 0) {
        const size = Math.min(chunk, left);
        if (size === 0) break;
        left -= size;
        waiting = Array.from({ length: size }, () => frame(worker));
        isCareful = stride === 1;
      }
      if (!connection?.isOpen) connection = await open(url, greeting(worker));
      const read = await connection.send(waiting, isCareful ? 1 : stride);
      // the one after the last that was answered closed the connection
      waiting = waiting.slice(isCareful && read < waiting.length ? read + 1 : read);
      isCareful = true;
    }
    connection?.close();
  };
  await Promise.all(Array.from({ length: connections }, (_, worker) => work(worker)));
}
