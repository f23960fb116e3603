import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { loneChanges } from '../src/driver/lone-changes.js';
import { Observer } from '../src/driver/observer.js';
import { Population } from '../src/driver/population.js';
import { presencePoint } from '../src/driver/presence-point.js';
import { settle } from '../src/driver/settle.js';

let server: WebSocketServer | undefined;

afterEach(() => {
  for (const socket of server?.clients ?? []) socket.terminate();
  server?.close();
});

/** Tells everybody else of who comes and goes, as many times as `tellings` says. */
async function startTelling(tellings: (watcher: number) => number): Promise<number> {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => {
    const tell = () => {
      for (const [number, other] of [...(server?.clients ?? [])].entries()) {
        if (other === socket) continue;
        for (let count = 0; count < tellings(number); count += 1) other.send('{"type":"changed"}');
      }
    };
    socket.send('{"type":"joined"}');
    tell();
    socket.on('close', tell);
  });
  await once(server, 'listening');
  // A server that listens on TCP has an AddressInfo.
  return (server.address() as AddressInfo).port;
}

async function changesAt(tellings: (watcher: number) => number) {
  const population = new Population();
  const port = await startTelling(tellings);
  await population.join({ protocol: 'ws-relay', port, users: 3, atOnce: 1, limitMs: 10_000 });
  await settle(population, { listed: 0, quietMs: 100, limitMs: 10_000 });
  return loneChanges(population, { port, protocol: 'ws-relay', watchers: 3, users: 2, limitMs: 500 });
}

describe('bytes of a change', () => {
  it('[BENCH-5] are those of the message that each watcher gets', async () => {
    const bytes = '{"type":"changed"}'.length;
    const each = { mean: bytes, max: bytes };
    expect(await changesAt(() => 1)).toEqual({ join: each, leave: each });
  });

  it('[BENCH-5] are no figure when a watcher was not told', async () => {
    await expect(changesAt((watcher) => (watcher === 1 ? 0 : 1))).rejects.toThrow('in 0 messages');
  });

  it('[BENCH-5] nor when one was told twice', async () => {
    await expect(changesAt((watcher) => (watcher === 1 ? 2 : 1))).rejects.toThrow('in 2 messages');
  });
});

describe('the observer', () => {
  const event = (name: string, payload: unknown) => Buffer.from(`42${JSON.stringify([name, payload])}`);
  const changed = (version: number, joined: string[], left: string[]) =>
    event('presence_changed', { epoch: 'e', version, joined: joined.map((id) => ({ id })), left });

  it('[BENCH-6] puts together who is online from a list and the changes after it', () => {
    const observer = new Observer();
    observer.hear({ kind: 'joined' }, event('join_success', { onlineUsers: [{ id: 'a' }, { id: 'b' }] }));
    observer.hear({ kind: 'changes' }, changed(4, ['c'], ['a']));
    observer.hear({ kind: 'changes' }, changed(5, ['a'], ['b']));
    expect([...observer.online].sort()).toEqual(['a', 'c']);
  });

  it('[BENCH-6] takes the last of several lists', () => {
    const observer = new Observer();
    observer.hear({ kind: 'joined' }, event('join_success', { onlineUsers: [{ id: 'a' }] }));
    observer.hear({ kind: 'users' }, event('users_updated', [{ id: 'b' }]));
    expect([...observer.online]).toEqual(['b']);
  });

  it('[BENCH-6] does not pass over a version that it was not told', () => {
    const observer = new Observer();
    observer.hear({ kind: 'changes' }, changed(4, ['c'], []));
    observer.hear({ kind: 'changes' }, changed(6, ['d'], []));
    expect(() => observer.online).toThrow('before version 6');
  });

  it('[BENCH-6] what one who left knew is told when coming back', () => {
    expect(presencePoint(changed(4, ['c'], []))).toBe('{"epoch":"e","version":4}');
    const joined = { onlineUsers: [{ id: 'a' }], presenceEpoch: 'e', presenceVersion: 7, presenceChange: null };
    expect(presencePoint(event('join_success', joined))).toBe('{"epoch":"e","version":7}');
    expect(presencePoint(event('join_success', { onlineUsers: [] }))).toBeUndefined();
  });
});
